import { Fault } from '../../core/fault.ts';
import type { PublishedManifest } from '../set/manifest.ts';
import { databaseSettings } from '../sources.ts';
import type { BackupSystems } from '../systems.ts';
import type { Selection } from './selection.ts';
import {
  checkBucketTarget,
  checkDatabaseTarget,
  type DatabaseTarget,
  type NamedBucket,
} from './target.ts';

export interface RestoreTarget {
  readonly database: DatabaseTarget | null;
  readonly buckets: readonly NamedBucket[];
  /** A database that has the name may be put aside. */
  readonly replace: boolean;
  /** What of the database; all of it when not given. */
  readonly selection?: Selection | null;
}

/** What will be written, for a person to agree to. */
export interface RestorePlan {
  readonly lines: readonly string[];
  /** Whether a database of that name is put aside. */
  readonly replaces: boolean;
}

/**
 * Looks at the target and says what a restore would write. Writes nothing.
 * @throws Fault `restore-refused`, `usage-invalid`, `database-*`, `objects-*`
 */
export async function planRestore(
  manifest: PublishedManifest,
  target: RestoreTarget,
  systems: BackupSystems,
): Promise<RestorePlan> {
  const { adapters, signal } = systems;
  const lines: string[] = [];
  let replaces = false;
  if (!target.database && target.buckets.length === 0) {
    throw new Fault('usage-invalid', 'name where to restore to: --to with --database, or --bucket');
  }
  const { selection } = target;
  if (selection && !target.database) {
    throw new Fault('usage-invalid', 'tables and schemas are restored into a database: name one');
  }
  if (selection && target.replace) {
    const why = 'a part of a set does not take the place of a whole database';
    throw new Fault('restore-refused', `${why}: restore it under a name of its own`);
  }
  if (target.database) {
    const part = partOf(manifest);
    const postgres = await adapters.postgres();
    const settings = await databaseSettings(target.database.server, systems);
    await using admin = await postgres.connect(settings, signal);
    const { replace } = target;
    const found = await checkDatabaseTarget(admin, part, target.database, replace, signal);
    replaces = found.present;
    const { name } = target.database;
    const place = postgres.describe({ ...settings, database: name });
    lines.push(
      `database ${part.identity.database} of ${manifest.createdAt} into ${place}`,
      ...(selection ? [`  of it only ${selectionText(selection)}`] : []),
      `  the original takes ${part.bytes} bytes; what room the server has cannot be asked for`,
      ...(replaces ? [`  the database ${name} that is there is kept under another name`] : []),
    );
  }
  for (const bucket of target.buckets) {
    const part = bucketOf(manifest, bucket.of);
    await checkBucketTarget(manifest.set, part, bucket, systems);
    lines.push(
      `${part.objects} objects of the bucket ${part.bucket} into the bucket ${bucket.name}`,
    );
  }
  return { lines, replaces };
}

const selectionText = ({ tables, schemas }: Selection): string =>
  [
    ...tables.map(({ schema, name }) => `the table ${schema}.${name}`),
    ...schemas.map((name) => `the schema ${name}`),
  ].join(', ');

/** A manifest, as it is published or whole. */
interface Holding<D, B> {
  readonly set: string;
  readonly database: D | null;
  readonly buckets: readonly B[];
}

/** @throws Fault `usage-invalid` */
export function partOf<D>({ set, database }: Holding<D, unknown>): D {
  if (!database) throw new Fault('usage-invalid', `the set ${set} holds no database`);
  return database;
}

/** @throws Fault `usage-invalid` */
export function bucketOf<B extends { readonly name: string }>(
  { set, buckets }: Holding<unknown, B>,
  name: string,
): B {
  const found = buckets.find((entry) => entry.name === name);
  if (found) return found;
  const names = buckets.map((entry) => entry.name).join(', ') || 'none';
  throw new Fault('usage-invalid', `the set ${set} holds no bucket '${name}'; there are: ${names}`);
}
