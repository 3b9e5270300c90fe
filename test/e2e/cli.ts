import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageFile } from '../../src/core/package-root.ts';

export interface CliResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs the built binary, as a user would, without a terminal. */
export async function deploycheck(
  args: readonly string[],
  { cwd, env, input }: CliOptions,
): Promise<CliResult> {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [packageFile('bin/run.js'), ...args],
    {
      cwd,
      reject: false,
      env: { NO_COLOR: '1', ...env },
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
    },
  );
  return { exitCode, stdout, stderr };
}

export interface Workspace extends AsyncDisposable {
  readonly folder: string;
  /** A release's folder inside a copy of the example, whose image is linked in place. */
  release(name: 'v1' | 'v2' | 'v3'): string;
}

/** A copy of the example that a test may change; the images are those built once before. */
export async function shopWorkspace(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-e2e-'));
  const shop = packageFile('examples/shop');
  await cp(join(shop, 'releases'), join(folder, 'releases'), {
    recursive: true,
    filter: (source) => !source.includes('.deploycheck'),
  });
  await symlink(join(shop, 'build'), join(folder, 'build'));
  return {
    folder,
    release: (name) => join(folder, 'releases', name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A new ed25519 key without passphrase, and the allowed_signers line that grants it roles. */
export async function newKey(
  folder: string,
  name: string,
  roles: readonly string[],
): Promise<{ key: string; identity: string; line: string }> {
  const key = join(folder, `${name}.key`);
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key]);
  const { stdout } = await execa('ssh-keygen', ['-y', '-f', key]);
  const identity = `${name}@example.com`;
  const principals = [identity, ...roles.map((role) => `role:${role}`)].join(',');
  return { key, identity, line: `${principals} ${stdout.trim()}\n` };
}
