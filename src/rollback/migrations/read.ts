import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Database } from '../../adapters/postgres/postgres.ts';
import type { ProcessRunner } from '../../adapters/process/process.ts';
import { Fault } from '../../core/fault.ts';
import { readApplied, withoutZeros } from '../../migrations/applied.ts';
import { readFolder, unsupported } from '../../migrations/folder.ts';
import { detectLayout } from '../../migrations/layout.ts';
import { type Boundary, migrationsBetween } from './between.ts';
import type { MigrationPlan } from './observation.ts';

export interface MigrationSource {
  readonly service: string;
  /** Relative to `root`: of the release that runs. */
  readonly folder: string;
  readonly root: string;
  /** A folder or a git ref of the release to go back to. */
  readonly from: string | undefined;
  /** The release is about to come, so its migrations are those that are not applied. */
  readonly coming: boolean;
  /** RFC 3339; when the revision to go back to was rolled out. */
  readonly targetCreated: string | undefined;
  /** Opens the database; undefined when none is configured. */
  readonly database: ((signal: AbortSignal) => Promise<Database>) | undefined;
}

/**
 * What lies between two releases in the database, and the way back over it. Nothing is run.
 * @throws Fault `input-missing`, `input-empty`, `usage-invalid`; what the database's adapter throws
 */
export async function readMigrations(
  source: MigrationSource,
  processes: ProcessRunner,
  signal: AbortSignal,
): Promise<MigrationPlan> {
  const { root, service } = source;
  const { folder, layout, text } = await readFolder(source.folder, root, signal);
  const common = { service, folder, table: null, tool: null, dirty: false } as const;
  if (layout.layout === 'unsupported') {
    const why = unsupported(folder, layout.detected);
    return { ...common, layout: layout.detected, state: 'unknown', why, boundary: '', steps: [] };
  }
  const applied = await readTable(source, signal);
  const between = migrationsBetween({
    migrations: layout.migrations,
    text,
    folder,
    applied,
    boundary: await boundaryOf(source, folder, processes, signal),
  });
  return {
    ...common,
    layout: 'pairs of up and down files',
    table: applied?.table ?? null,
    tool: applied?.upTo ? 'golang-migrate' : null,
    dirty: applied?.dirty ?? false,
    ...between,
  };
}

async function readTable({ database }: MigrationSource, signal: AbortSignal) {
  if (!database) return undefined;
  await using connection = await database(signal);
  return await readApplied(connection, signal);
}

async function boundaryOf(
  { from, root, targetCreated, coming }: MigrationSource,
  folder: string,
  processes: ProcessRunner,
  signal: AbortSignal,
): Promise<Boundary> {
  if (coming) return { by: 'table' };
  if (from === undefined) {
    return targetCreated === undefined ? { by: 'nothing' } : { by: 'time', after: targetCreated };
  }
  const path = resolve(root, from);
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  const names = isFolder
    ? await readdir(path)
    : await filesAt(from, join(root, folder), processes, signal);
  const layout = detectLayout(names.filter((name) => name.endsWith('.sql')));
  if (layout.layout === 'unsupported') {
    throw new Fault(
      'usage-invalid',
      `--from ${from}: no migrations such as 0001_name.up.sql there`,
    );
  }
  const versions = new Set(layout.migrations.map(({ version }) => withoutZeros(version)));
  return { by: 'files', versions, from };
}

/** Names of the files that a git ref has in a folder. */
async function filesAt(
  ref: string,
  folder: string,
  processes: ProcessRunner,
  signal: AbortSignal,
): Promise<string[]> {
  const wrong = (why: string) =>
    new Fault('usage-invalid', `--from ${ref}: neither a folder nor a git ref here (${why})`);
  // Git would take it for an option.
  if (ref.startsWith('-')) throw wrong('it starts with a dash');
  const args = ['ls-tree', '-z', '--name-only', ref, './'];
  const { exitCode, stdout, stderr } = await processes.run('git', args, { cwd: folder, signal });
  if (exitCode !== 0) throw wrong(stderr.trim().split('\n')[0] ?? '');
  return stdout.split('\0').filter((name) => name !== '');
}
