import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { Client } from 'pg';
import { packageFile } from '../../src/core/package-root.ts';
import type { CliResult } from '../e2e/cli.ts';

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** A folder, and programs in it that run as somebody who may start a server of PostgreSQL. */
export interface Yard extends AsyncDisposable {
  readonly folder: string;
  readonly owner: Owner;
  /** Makes a folder below that the owner may write to. */
  make(name: string): Promise<string>;
  /** @throws Error with what it said when it fails */
  run(command: string, ...args: string[]): Promise<string>;
  deploycheck(args: readonly string[], cwd: string, env: Env): Promise<CliResult>;
  /** The same, not waited for. */
  start(args: readonly string[], cwd: string, env: Env): ChildProcess;
}

type Env = Readonly<Record<string, string>>;

export async function createYard(): Promise<Yard> {
  const owner = serverUser();
  // Short: the path of a socket has at most 107 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'dc-yard-'));
  await chown(folder, owner.uid, owner.gid);
  await chmod(folder, 0o755);
  const environment = (env: Env = {}) => ({ NO_COLOR: '1', HOME: folder, ...env });
  const program = packageFile('bin/run.js');
  return {
    folder,
    owner,
    async make(name) {
      const path = join(folder, name);
      await mkdir(path, { mode: 0o700 });
      await chown(path, owner.uid, owner.gid);
      return path;
    },
    async run(command, ...args) {
      const { stdout } = await execa(command, args, { ...owner, cwd: folder, env: environment() });
      return stdout;
    },
    async deploycheck(args, cwd, env) {
      const { exitCode, stdout, stderr } = await execa(process.execPath, [program, ...args], {
        ...{ ...owner, cwd, reject: false, stdin: 'ignore' },
        env: environment(env),
      });
      return { exitCode, stdout, stderr };
    },
    start(args, cwd, env) {
      return spawn(process.execPath, [program, ...args], {
        ...{ ...owner, cwd, stdio: 'ignore' },
        env: { ...process.env, ...environment(env) },
      });
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface OwnCluster extends AsyncDisposable {
  readonly data: string;
  readonly socket: string;
  readonly port: number;
  /** Of the superuser, through the socket. */
  readonly url: string;
  start(): Promise<void>;
  /** A fast shutdown. */
  stop(): Promise<void>;
  sql(...statements: string[]): Promise<readonly Record<string, unknown>[]>;
}

/** A cluster in a folder of the yard, reached through its socket alone. @param tools of its programs */
export async function createCluster(yard: Yard, tools: string, name: string): Promise<OwnCluster> {
  const socket = await yard.make(name);
  const data = join(socket, 'data');
  const port = 5432;
  await yard.run(
    join(tools, 'initdb'),
    ...['-D', data, '-U', 'postgres', '--no-sync', '--auth=trust', '--data-checksums'],
  );
  await appendFile(
    join(data, 'postgresql.conf'),
    `
listen_addresses = ''
port = ${port}
unix_socket_directories = '${socket}'
fsync = off
shared_buffers = 16MB
archive_mode = on
`,
  );
  let server: ChildProcess | undefined;
  const stop = async () => {
    if (server?.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGINT');
    await ended;
  };
  const sql = async (...statements: string[]) => {
    const client = new Client({ host: socket, port, user: 'postgres', database: 'postgres' });
    await client.connect();
    try {
      let rows: Record<string, unknown>[] = [];
      for (const statement of statements) rows = (await client.query(statement)).rows;
      return rows;
    } finally {
      await client.end();
    }
  };
  return {
    ...{ data, socket, port, stop, sql },
    url: `postgres://postgres@/postgres?host=${encodeURIComponent(socket)}&port=${port}`,
    async start() {
      server = spawn(join(tools, 'postgres'), ['-D', data], {
        ...{ ...yard.owner, cwd: socket, stdio: 'ignore' },
      });
      const ready = ['-h', socket, '-p', String(port), '-q', '-t', '1'];
      while (server.exitCode === null) {
        const { exitCode } = await execa(join(tools, 'pg_isready'), ready, { reject: false });
        if (exitCode === 0) return;
      }
      throw new Error(`the cluster in ${data} did not start`);
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** A file that the owner of the yard may read and write. */
export async function writeOwned({ owner }: Yard, path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await chown(path, owner.uid, owner.gid);
}

/** PostgreSQL refuses to run as root. */
function serverUser(): Owner {
  const { getuid, getgid } = process;
  if (!getuid || !getgid) throw new Error('this test needs a POSIX system');
  if (getuid() !== 0) return { uid: getuid(), gid: getgid() };
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
