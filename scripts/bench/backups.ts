import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Transaction } from '../../src/adapters/postgres/postgres.ts';
import { fixSession, readContents } from '../../src/backup/database/contents.ts';
import { packageFile } from '../../src/core/package-root.ts';
import type { RunRecord } from '../../src/core/record.ts';
import { connect } from '../../test/flows/backup/support.ts';
import { systems } from '../../test/systems/bed.ts';
import { createDatabase } from '../../test/systems/postgres.ts';
import { clientEnvironment, nameOf } from './client-environment.ts';
import { ordersTable } from './orders.ts';
import { compare, type Row, timed } from './row.ts';

const rounds = 3;
/** A gigabyte, so that the start of a process does not count. */
const tableRows = 4_500_000;
/** Nobody has its private half, and nothing here needs it. */
const recipient = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';

/** Backup and restore of a database beside pg_dump, pg_restore and sha256sum alone. */
export async function ofBackups(home: string): Promise<Row[]> {
  await using stack = new AsyncDisposableStack();
  const bed = await systems('postgres');
  if (!bed) throw new Error('the test bed did not start');
  const tools = bed('DEPLOYCHECK_TEST_POSTGRES_TOOLS');
  const server = bed('DEPLOYCHECK_TEST_POSTGRES');
  const database = stack.use(await createDatabase(server, 'bench'));
  const client = (tool: string, address: string, ...args: string[]) =>
    execa(join(tools, tool), args, { env: clientEnvironment(address), stdout: 'ignore' });
  const tables = `${ordersTable(tableRows)} create index on orders (customer);`;
  await client('psql', database.url, '--quiet', '--command', tables);

  const folder = join(home, 'backups');
  await mkdir(folder);
  await writeFile(join(folder, 'deploycheck.yaml'), configuration);
  const env = {
    DB: database.url,
    PATH: `${tools}:${process.env.PATH}`,
  };
  const deploycheck = (...args: string[]) =>
    execa(process.execPath, [packageFile('bin/run.js'), ...args, '--quiet'], { cwd: folder, env });
  const fresh = async (name: string) => {
    await rm(join(folder, name), { recursive: true, force: true });
    return ['--repository', `file:${name}`];
  };
  const create = async (environment: string, ...flags: string[]) => {
    const place = await fresh(environment);
    return timed(() => deploycheck('backup', 'create', '--env', environment, ...place, ...flags));
  };
  const jobs = availableParallelism();
  const dump = join(home, 'peer.dump');
  const rowsOf = `${tableRows} rows`;
  const pgDump = (...args: string[]) => client('pg_dump', database.url, '-Fc', ...args);
  const restoreInto = async (work: (target: string) => Promise<unknown>) => {
    await using target = await createDatabase(server, 'bench_target');
    return await timed(() => work(target.url));
  };
  const restoreByPeer = () =>
    restoreInto((target) =>
      client('pg_restore', target, `-j${jobs}`, `--dbname=${nameOf(target)}`, dump),
    );
  const rehearse = (...more: string[]) =>
    deploycheck(
      'backup',
      'rehearse',
      '--env',
      'database',
      '--repository',
      'file:database',
      ...more,
    );
  /** What a rehearsal measured, in seconds by name. */
  const rehearsal = async () => {
    const { stdout } = await rehearse('--format', 'json');
    const { measurements }: Pick<RunRecord, 'measurements'> = JSON.parse(stdout);
    return (name: string) =>
      measurements.find((measurement) => measurement.name === name)?.value ?? Number.NaN;
  };
  let restored = 0;
  const fingerprints = async () => {
    await using connection = await connect(database.url);
    const { signal } = new AbortController();
    const read = async (transaction: Transaction) => {
      await fixSession(transaction, 10_000, signal);
      return readContents(transaction, signal);
    };
    const options = { isolation: 'repeatable read', readOnly: true } as const;
    return await timed(() => connection.transaction(options, read, signal));
  };
  const encrypted = () => create('database', '--recipient', recipient);
  const sizes = async (): Promise<Row> => {
    await encrypted();
    const set = join(folder, 'database/sets');
    const files = await readdir(set, { recursive: true, withFileTypes: true });
    const own = await sum(
      files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name)),
    );
    const theirs = await sum([dump]);
    const detail = `${own} to ${theirs} bytes; ${rowsOf}`;
    return {
      what: 'bytes of a set',
      against: 'of the file of `pg_dump -Fc`',
      ratio: own / theirs,
      goal: 1,
      detail,
    };
  };

  return [
    await compare({
      what: '`deploycheck backup create` of a database, compressed, encrypted, with fingerprints',
      against: '`pg_dump -Fc -Z0` to /dev/null',
      ...{ goal: 1.35, on: rowsOf, rounds },
      ours: encrypted,
      theirs: () => timed(() => pgDump('-Z0')),
    }),
    await compare({
      what: 'the fingerprints of its rows alone',
      against: '`pg_dump -Fc -Z0` to /dev/null',
      ...{ goal: null, on: rowsOf, rounds },
      ours: fingerprints,
      theirs: () => timed(() => pgDump('-Z0')),
    }),
    await compare({
      what: '`deploycheck backup create`, as above',
      against: '`pg_dump -Fc -Z0` to /dev/null beside the same fingerprints',
      ...{ goal: null, on: rowsOf, rounds },
      ours: encrypted,
      theirs: () => timed(() => Promise.all([pgDump('-Z0'), fingerprints()])),
    }),
    await compare({
      what: '`deploycheck backup create`, as above',
      against: '`pg_dump -Fc` to a file, compressed as it does by default',
      ...{ goal: 0.65, on: rowsOf, rounds },
      ours: encrypted,
      theirs: () => timed(() => pgDump(`--file=${dump}`)),
    }),
    await sizes(),
    await compare({
      what: '`deploycheck backup create` of a database in plain',
      against: '`pg_dump -Fc -Z0` to /dev/null',
      ...{ goal: null, on: rowsOf, rounds },
      ours: () => create('database'),
      theirs: () => timed(() => pgDump('-Z0')),
    }),
    await compare({
      what: '`deploycheck backup verify`',
      against: '`sha256sum` of the files of the set',
      ...{ goal: 1.25, on: `${rowsOf}; the start of the process is in it`, rounds },
      ours: () =>
        timed(() =>
          deploycheck('backup', 'verify', '--env', 'database', '--repository', 'file:database'),
        ),
      theirs: async () => {
        const set = join(folder, 'database/sets');
        const [name = ''] = await readdir(set);
        const files = (await readdir(join(set, name))).map((file) => join(set, name, file));
        return timed(() => execa('sha256sum', files));
      },
    }),
    await compare({
      what: '`deploycheck backup rehearse`, restored and compared',
      against: `\`pg_restore -j${jobs}\` into an empty database`,
      ...{ goal: 1.3, on: rowsOf, rounds },
      ours: () => timed(() => rehearse()),
      theirs: restoreByPeer,
    }),
    await compare({
      what: 'pg_restore in `deploycheck backup rehearse`: what it measured, without unpacking the dump',
      against: `\`pg_restore -j${jobs}\` into an empty database`,
      ...{ goal: 1.15, on: rowsOf, rounds },
      ours: async () => {
        const times = await rehearsal();
        return times('backup.restore-time') - times('backup.unpack-time');
      },
      theirs: restoreByPeer,
    }),
    await compare({
      what: 'the comparison in `deploycheck backup rehearse`, as it measured it',
      against: `\`pg_restore -j${jobs}\` into an empty database`,
      ...{ goal: 0.3, on: rowsOf, rounds },
      ours: async () => (await rehearsal())('backup.compare-time'),
      theirs: restoreByPeer,
    }),
    await compare({
      what: '`deploycheck restore`, compared and put in place',
      against: `\`pg_restore -j${jobs}\` into an empty database`,
      ...{ goal: 1.45, on: rowsOf, rounds },
      async ours() {
        const name = `bench_restored_${restored++}`;
        const to = ['--to', 'env:DB', '--database', name, '--yes', '--env', 'database'];
        const seconds = await timed(() =>
          deploycheck('restore', 'last', ...to, '--repository', 'file:database'),
        );
        await client('psql', server, '--quiet', '--command', `drop database ${name}`);
        return seconds;
      },
      theirs: restoreByPeer,
    }),
  ];
}

const sum = async (files: readonly string[]): Promise<number> =>
  (await Promise.all(files.map((file) => stat(file)))).reduce((total, { size }) => total + size, 0);

const configuration = `version: 1
environments:
  database: { database: main }
databases:
  main: { env: DB }
`;
