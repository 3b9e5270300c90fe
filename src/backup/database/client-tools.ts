import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { DatabaseSettings } from '../../adapters/postgres/postgres.ts';
import type { ProcessEnd } from '../../adapters/process/process.ts';
import { Fault } from '../../core/fault.ts';
import type { BackupSystems } from '../systems.ts';

export type ClientTool = 'pg_dump' | 'pg_dumpall' | 'pg_restore';

/** As `15.18`, of the tool that PATH finds. @throws Fault `tool-missing`, `tool-failed` */
export async function clientVersion(
  tool: ClientTool,
  { adapters, signal }: Pick<BackupSystems, 'adapters' | 'signal'>,
): Promise<string> {
  const processes = await adapters.processes();
  const { stdout, exitCode } = await processes.run(tool, ['--version'], { signal });
  const version = /\(PostgreSQL\) (\d+(?:\.\d+)?\S*)/.exec(stdout)?.[1];
  if (exitCode !== 0 || version === undefined) {
    throw new Fault('tool-failed', `'${tool} --version' does not say a version of PostgreSQL`);
  }
  return version;
}

/**
 * @param serverVersion as server_version_num
 * @throws Fault `client-too-old`
 */
export function requireClient(tool: ClientTool, version: string, serverVersion: number): void {
  const server = Math.floor(serverVersion / 10_000);
  if (Number.parseInt(version, 10) >= server) return;
  throw new Fault(
    'client-too-old',
    `${tool} is of version ${version}, and the server is PostgreSQL ${server}: the client must not be older`,
  );
}

/**
 * Environment of the client tools for one database. Password and service file lie in a folder that
 * only this user can enter, and that goes with the scope.
 */
export async function clientEnvironment(
  settings: DatabaseSettings,
  { adapters, scope }: Pick<BackupSystems, 'adapters' | 'scope'>,
): Promise<Readonly<Record<string, string>>> {
  const folder = join(tmpdir(), `deploycheck-credentials-${randomBytes(8).toString('hex')}`);
  await scope.defer('password file', () => removeCredentials(folder), {
    leftover: { kind: 'credentials', ref: folder },
  });
  await mkdir(folder, { mode: 0o700 });
  await chmod(folder, 0o700);
  const postgres = await adapters.postgres();
  // Its own clean-up removes the files; the folder that holds them goes as a whole.
  return (await postgres.clientEnvironment(settings, folder)).env;
}

/**
 * Undoes a leftover of kind `credentials`.
 * @throws Error when the path is none that deploycheck makes
 */
export async function removeCredentials(ref: string): Promise<void> {
  const path = resolve(ref);
  const ours = /^deploycheck-credentials-[0-9a-f]{16}$/.test(basename(path));
  if (!ours || dirname(path) !== resolve(tmpdir())) {
    throw new Error('not a folder that deploycheck makes');
  }
  // A link in its stead is removed itself, not followed.
  await rm(path, { recursive: true, force: true });
}

/** What PostgreSQL's programs say when it is the connection that failed. */
const connectionLost =
  /connection to server .* failed|server closed the connection|could not connect|terminating connection|connection not open|SSL (?:connection|SYSCALL)|could not receive data|no connection to the server/i;
const tooOld = /server version mismatch/i;
const denied = /permission denied|must be (?:owner|superuser)|password authentication failed/i;

/** pg_dump waits for its locks by a statement timeout, as its own source says. */
const lockWaitedFor = /canceling statement due to (?:lock|statement) timeout/;

/** What the end of pg_dump and its like means. */
export function clientFailure(tool: ClientTool, place: string, end: ProcessEnd): Fault {
  const said = saidLast(end.stderr);
  if (lockWaitedFor.test(end.stderr)) {
    const why = `${tool} waited in vain for a lock that somebody else holds`;
    return new Fault('database-failed', `${place}: ${why}: ${said}`);
  }
  const code = connectionLost.test(end.stderr)
    ? 'database-failed'
    : tooOld.test(end.stderr)
      ? 'client-too-old'
      : denied.test(end.stderr)
        ? 'database-denied'
        : 'tool-failed';
  return new Fault(code, `${place}: ${tool} ended with ${end.exitCode}: ${said}`);
}

/** The lines of a tool that say what went wrong, in one. */
export function saidLast(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const errors = lines.filter((line) => /error|fatal|failed/i.test(line));
  return (errors.length > 0 ? errors : lines).slice(0, 3).join(' / ') || 'it said nothing';
}
