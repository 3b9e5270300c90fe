import { appendFile, chmod, chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRoot } from '../bed.ts';
import type { Part, Program, StartContext } from '../part.ts';
import { run } from '../sandbox.ts';

const superuser = 'postgres';
const password = 'testbed-postgres';

/** Where Debian's package keeps the server and its tools, which it does not put on PATH. */
export const postgres15Tools = '/usr/lib/postgresql/15/bin';

export const postgresServer = {
  program: join(postgres15Tools, 'postgres'),
  package: 'postgresql-15',
} as const satisfies Program;

export const postgres: Part = {
  name: 'postgres',
  title: 'PostgreSQL 15',
  variable: 'DEPLOYCHECK_TEST_POSTGRES',
  programs: [postgresServer],
  ports: ['postgres'],
  async start(context) {
    const url = await startPostgres(context, postgres15Tools, context.bed.ports.postgres);
    return { DEPLOYCHECK_TEST_POSTGRES: url, DEPLOYCHECK_TEST_POSTGRES_TOOLS: postgres15Tools };
  },
};

/** Another major version, to see what a client of the wrong one says. It has no client tools. */
export const postgresNext: Part = {
  name: 'postgres-next',
  title: 'PostgreSQL 17',
  variable: 'DEPLOYCHECK_TEST_POSTGRES_NEXT',
  // The Debian package brings the user it runs as.
  programs: [postgresServer],
  binaries: ['postgres-17'],
  ports: ['postgresNext'],
  async start(context) {
    const tools = context.program('postgres-17', 'bin');
    const url = await startPostgres(context, tools, context.bed.ports.postgresNext);
    return { DEPLOYCHECK_TEST_POSTGRES_NEXT: url };
  },
};

/** @returns the address of the superuser */
async function startPostgres(context: StartContext, tools: string, port: number): Promise<string> {
  const { folder, spawn, run: runInside, ready } = context;
  const data = join(folder, 'data');
  const asServer = await serverUser(folder);
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password);
  if (asServer.owner) await chown(passwordFile, asServer.owner.uid, asServer.owner.gid);
  await runInside(
    [
      join(tools, 'initdb'),
      `--pgdata=${data}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
      '--no-instructions',
    ],
    asServer.options,
  );
  await appendFile(join(data, 'postgresql.conf'), settings(port, folder));
  const server = await spawn('postgres', [join(tools, 'postgres'), '-D', data], asServer.options);
  await ready('postgres', server, () => isReady(join(data, 'postmaster.pid')));
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`;
}

/** PostgreSQL refuses to run as root. */
async function serverUser(folder: string): Promise<{
  options: { user?: string; env: Record<string, string> };
  owner?: { uid: number; gid: number };
}> {
  const env = { HOME: folder };
  if (!isRoot()) return { options: { env } };
  const id = async (flag: string) => Number(await run('id', [flag, 'postgres']));
  const owner = { uid: await id('-u'), gid: await id('-g') };
  await chown(folder, owner.uid, owner.gid);
  await chmod(folder, 0o755);
  return { options: { user: 'postgres', env }, owner };
}

/** Nothing here outlives a power cut, on purpose: the cluster is thrown away. */
function settings(port: number, folder: string): string {
  return `
listen_addresses = '127.0.0.1'
port = ${port}
unix_socket_directories = '${folder}'
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 64MB
max_connections = 100
wal_level = logical
max_wal_size = 256MB
`;
}

/** Line 8 of the file says `ready` once connections are taken (miscinit.h of PostgreSQL). */
async function isReady(pidFile: string): Promise<boolean> {
  const text = await run('sh', ['-c', 'sed -n 8p "$1" 2>/dev/null || :', 'sh', pidFile]);
  return text.trim() === 'ready';
}
