import { readFile } from 'node:fs/promises';
import { type FileDigest, sha256, sha256Hex, sumsText } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import { walkFiles } from '../../core/walk.ts';
import type { Loader, TargetContext } from './context.ts';
import { type Listed, withListing } from './listing.ts';
import { type Loaded, settle } from './loaded.ts';

/** The migrations of each service that has some. */
export const loadMigrationSets: Loader = async (context) =>
  Promise.all(
    (context.config.value.services ?? []).flatMap(({ name, migrations }) =>
      migrations === undefined ? [] : [loadOne(name, migrations.dir, context)],
    ),
  );

async function loadOne(service: string, dir: string, context: TargetContext): Promise<Loaded> {
  const { config, signal } = context;
  const loaded = await settle('migrationSet', dir, loadFolder(dir, config.root, signal));
  return withListing(loaded, `migrations-${service}.sha256`, context);
}

async function loadFolder(dir: string, root: string, signal: AbortSignal): Promise<Listed> {
  const files = await walkFiles([dir], {
    root,
    signal,
    onSkipped: (path, why) => {
      throw new Fault('input-missing', `${path}: ${why}; a migration has to be a file`);
    },
  });
  if (files.length === 0) throw new Fault('input-empty', `${dir}: no migration files`);
  const listing = sumsText(
    await Promise.all(
      files.map(async ({ path, absolute }): Promise<FileDigest> => {
        return { path, sha256: sha256Hex(await readFile(absolute)) };
      }),
    ),
  );
  return { kind: 'migrationSet', name: dir, digest: sha256(listing), source: dir, listing };
}
