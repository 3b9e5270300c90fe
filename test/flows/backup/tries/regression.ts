import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { OpenScenario, Try } from '../../../../scripts/soak/scenario.ts';
import { createSet } from '../../../../src/backup/create.ts';
import { rehearseSet } from '../../../../src/backup/rehearse.ts';
import { openRepository } from '../../../../src/backup/sources.ts';
import type { Variables } from '../../../systems/bed.ts';
import { bench, connect, never, sourceOf } from '../support.ts';

/** The folder `src/test/regress` of PostgreSQL's sources, of the version of the server. */
const folderVariable = 'DEPLOYCHECK_REGRESS';
const database = 'regression';

/**
 * What does not come back the same. PostgreSQL puts the columns that a table inherits first; where one was
 * added to the parent later it stands last in the source, and pg_dump does not keep that. The rows are the
 * same by the names of their columns.
 */
const orderOfColumns: ReadonlySet<string> = new Set([
  ...['public.b_star', 'public.c_star', 'public.d_star', 'public.e_star', 'public.f_star'],
  ...['public.test_type_diff_c', 'public.test_type_diff2_c1', 'public.test_type_diff2_c2'],
  'table gtestxx_4',
]);

export async function openRegression(bed: Variables): Promise<OpenScenario> {
  const folder = process.env[folderVariable];
  if (!folder) throw new Error(`${folderVariable} names no src/test/regress of PostgreSQL`);
  await access(join(folder, 'parallel_schedule'));
  await using stack = new AsyncDisposableStack();
  const url = new URL(bed('DEPLOYCHECK_TEST_POSTGRES'));
  const drop = async () => {
    await using server = await connect(bed('DEPLOYCHECK_TEST_POSTGRES'));
    await server.query(`drop database if exists ${database} with (force)`, [], never);
  };
  await drop();
  stack.defer(drop);
  await using server = await connect(url.href);
  await server.query(
    `create database ${database} template template0 locale 'C' encoding 'UTF8'`,
    [],
    never,
  );
  url.pathname = `/${database}`;
  await fill(folder, url.href);
  const disposables = stack.move();
  return {
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
    once: () => rehearsed(url.href),
  };
}

/** Runs the files one after the other, as the schedule has them. Many statements fail, and are to. */
async function fill(folder: string, url: string): Promise<void> {
  const results = await mkdtemp(join(tmpdir(), 'deploycheck-regress-'));
  try {
    const schedule = await readFile(join(folder, 'parallel_schedule'), 'utf8');
    const names = schedule
      .split('\n')
      .filter((line) => line.startsWith('test:'))
      .flatMap((line) => line.slice('test:'.length).trim().split(/\s+/));
    const env = {
      PG_ABS_SRCDIR: folder,
      PG_ABS_BUILDDIR: results,
      PG_LIBDIR: results,
      PG_DLSUFFIX: '.so',
      PGTZ: 'PST8PDT',
      PGDATESTYLE: 'Postgres, MDY',
    };
    for (const name of names) {
      const args = ['--no-psqlrc', '--quiet', `--file=${join(folder, 'sql', `${name}.sql`)}`, url];
      await execa('psql', args, { env, reject: false, stdio: 'ignore', timeout: 120_000 });
    }
  } finally {
    await rm(results, { recursive: true, force: true });
  }
}

async function rehearsed(url: string): Promise<Try> {
  await using at = await bench({ DB_URL: url });
  const place = { url: `file:${join(at.folder, 'repository')}` };
  return at.run(async (systems) => {
    const { manifest, digest } = await createSet(sourceOf(), place, systems);
    const repository = await openRepository(place, systems);
    const stage = { server: { env: 'DB_URL' }, stores: new Map() };
    const { rehearsal } = await rehearseSet({ manifest, digest }, stage, repository, systems);
    const { differences, damage, lacking } = rehearsal;
    const names = differences.map(({ name }) => name);
    const others = differences.filter(({ name }) => !orderOfColumns.has(name));
    const tables = manifest.database?.contents.tables.length ?? 0;
    const how = `${tables} tables, ${names.length} of which in another order of columns (${names.sort().join(' ')})`;
    const problem = [...others, ...damage, ...lacking].map((one) => JSON.stringify(one)).join('; ');
    return { how, problem: tables < 100 ? `only ${tables} tables` : problem };
  });
}
