import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';

export interface ThrowawayServer extends AsyncDisposable {
  readonly url: string;
  /** Folder of pg_dump and its like. */
  readonly tools: string;
  /** As `postgres --version` has it. */
  readonly version: string;
}

/** @returns the folder of the newest PostgreSQL server on this machine; undefined without one */
export async function findServer(): Promise<string | undefined> {
  const debian = await readdir('/usr/lib/postgresql').catch(() => []);
  const newest = debian.toSorted((a, b) => Number(b) - Number(a));
  const folders = [
    ...newest.map((major) => `/usr/lib/postgresql/${major}/bin`),
    ...(process.env.PATH ?? '').split(delimiter),
    '/opt/homebrew/opt/postgresql/bin',
    '/usr/local/opt/postgresql/bin',
  ];
  for (const folder of folders) {
    const programs = ['initdb', 'postgres', 'pg_dump'].map((name) => join(folder, name));
    const found = await Promise.all(programs.map((path) => stat(path).catch(() => undefined)));
    if (found.every((entry) => entry?.isFile())) return folder;
  }
  return undefined;
}

/**
 * A server of its own in a temporary folder, on loopback. It ends with this process, also when that is
 * killed: a shell that waits for the end of a pipe owns it.
 */
export async function throwawayPostgres(tools: string): Promise<ThrowawayServer> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-quickstart-'));
  const owner = await serverUser(folder);
  const data = join(folder, 'data');
  const as = owner ? { uid: owner.uid, gid: owner.gid } : {};
  await execa(
    join(tools, 'initdb'),
    [
      `--pgdata=${data}`,
      '--username=postgres',
      // Only this machine's loopback leads to it, and what it holds is made up.
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ],
    { ...as, cwd: folder },
  );
  const port = await freePort();
  const settings = [
    ...['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1'],
    ...['-c', 'fsync=off'],
  ];
  const script =
    'cd /; folder=$1; shift; "$@" & server=$!; read -r _; kill -INT $server; wait $server; rm -rf "$folder"';
  const keeper = spawn('sh', ['-c', script, 'sh', folder, join(tools, 'postgres'), ...settings], {
    ...as,
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await isReady(tools, port);
  const { stdout } = await execa(join(tools, 'postgres'), ['--version']);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    tools,
    version: stdout.trim(),
    async [Symbol.asyncDispose]() {
      const ended = once(keeper, 'exit');
      keeper.stdin?.end();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
async function serverUser(folder: string) {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) =>
        Number((await execa('id', [flag, name], { reject: false })).stdout),
      ),
    );
    if (!uid || !gid) continue;
    await chown(folder, uid, gid);
    await chmod(folder, 0o700);
    return { uid, gid };
  }
  throw new Error('there is neither a user postgres nor a user nobody to run PostgreSQL as');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

/** Milliseconds that the server may take. */
const patience = 30_000;

async function isReady(tools: string, port: number): Promise<void> {
  const args = ['-h', '127.0.0.1', '-p', String(port), '-q'];
  for (const began = Date.now(); Date.now() - began < patience; await delay(100)) {
    const { exitCode } = await execa(join(tools, 'pg_isready'), args, { reject: false });
    if (exitCode === 0) return;
  }
  throw new Error(`the server in ${tools} did not start within ${patience / 1000} s`);
}
