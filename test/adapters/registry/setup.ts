import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { createProcessRunner } from '../../../src/adapters/process/execa.ts';
import { createCredentials } from '../../../src/adapters/registry/credentials.ts';
import { createRegistry } from '../../../src/adapters/registry/distribution.ts';
import type { Registry, RegistryOptions } from '../../../src/adapters/registry/registry.ts';
import type { Digest } from '../../../src/core/digest.ts';
import { createRedactor, type Redactor } from '../../../src/core/redact.ts';
import type { ImageReference } from '../../../src/core/reference.ts';

export interface Opened {
  readonly registry: Registry;
  readonly redact: Redactor;
  /** Where credentials are looked for. */
  readonly configFile: string;
}

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-registry-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The adapter, with a Docker configuration of its own: none when not given. */
export async function openRegistry(
  config?: Readonly<Record<string, unknown>>,
  options: RegistryOptions = {},
): Promise<Opened> {
  const folder = config ? await temporaryFolder() : join(tmpdir(), 'deploycheck-no-such-folder');
  const configFile = join(folder, 'config.json');
  if (config) await writeFile(configFile, JSON.stringify(config));
  const redact = createRedactor();
  const environment = { ...process.env, DOCKER_CONFIG: folder };
  const credentials = createCredentials({ processes: createProcessRunner(), environment });
  return { registry: createRegistry({ credentials, redact, ...options }), redact, configFile };
}

/** An entry of `auths` as `docker login` writes it. */
export const login = (host: string, username: string, password: string) => ({
  auths: { [host]: { auth: Buffer.from(`${username}:${password}`).toString('base64') } },
});

/** All of a stream that has to be there. */
export async function bytesOf(stream: Readable | undefined): Promise<Buffer> {
  if (!stream) throw new Error('there is no such blob');
  return buffer(stream);
}

export const named = (
  registry: string,
  repository: string,
  which: { readonly tag?: string; readonly digest?: Digest } = {},
): ImageReference => ({ registry, repository, ...which });

/** A repository no other test writes to. */
export const ownRepository = (): string => `tests/r${crypto.randomUUID().slice(0, 13)}`;
