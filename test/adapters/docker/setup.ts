import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ContainerOptions } from '../../../src/adapters/docker/container.ts';
import type { Engine } from '../../../src/adapters/docker/docker.ts';
import { createOpenEngine } from '../../../src/adapters/docker/open.ts';

const { signal } = new AbortController();

/** The engine at a host, whatever the environment of the tests says. */
export function openAt(host: string): Promise<Engine> {
  return createOpenEngine({ DOCKER_CONFIG: noFolder })({ host }, signal);
}

export const noFolder = join(tmpdir(), 'deploycheck-no-such-folder');

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-docker-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface MadeOptions extends Omit<ContainerOptions, 'owner'> {
  readonly owner?: string;
}

/** A container that is gone when the test is over. */
export async function made(engine: Engine, options: MadeOptions): Promise<string> {
  const id = await engine.createContainer({ owner: 'tests', ...options }, signal);
  if (id === undefined) throw new Error(`there is no image ${options.image}`);
  onTestFinished(() => engine.remove(id, signal));
  return id;
}

export async function started(engine: Engine, options: MadeOptions): Promise<string> {
  const id = await made(engine, options);
  const start = await engine.start(id, signal);
  if (!start?.started) throw new Error(`it did not start: ${JSON.stringify(start)}`);
  return id;
}

/** What the docker command prints. */
export function docker(host: string, ...args: readonly string[]): string {
  return execFileSync('docker', ['--host', host, ...args], { encoding: 'utf8' }).trim();
}

export function dockerJson(host: string, ...args: readonly string[]) {
  const [value] = JSON.parse(docker(host, ...args));
  return value;
}

/** `unix:///PATH` without its scheme. */
export const socketOf = (host: string): string => host.replace('unix://', '');
