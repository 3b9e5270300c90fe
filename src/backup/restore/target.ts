import type { Database } from '../../adapters/postgres/postgres.ts';
import { Fault } from '../../core/fault.ts';
import { markerKey } from '../bucket/scratch-bucket.ts';
import type { BucketPart, DatabasePart } from '../set/manifest.ts';
import { type BucketRef, type DatabaseRef, openStore } from '../sources.ts';
import type { BackupSystems } from '../systems.ts';

export interface DatabaseTarget {
  /** Any database of the server. */
  readonly server: DatabaseRef;
  readonly name: string;
}

export interface NamedBucket {
  /** As the set calls it. */
  readonly of: string;
  readonly place: Pick<BucketRef, 'endpoint' | 'credentials'>;
  /** What the restored bucket is called. */
  readonly name: string;
}

/** What was found where a database is to be restored. */
export interface FoundDatabase {
  /** The name cannot be written to without putting aside what has it. */
  readonly present: boolean;
}

/**
 * @param admin connected to the server of the target
 * @throws Fault `restore-refused`
 */
export async function checkDatabaseTarget(
  admin: Database,
  part: Pick<DatabasePart, 'identity' | 'oid'>,
  { name }: DatabaseTarget,
  replace: boolean,
  signal: AbortSignal,
): Promise<FoundDatabase> {
  const identity = await admin.identity(signal);
  const { rows } = await admin.query(
    'select oid::text as oid, datistemplate as template from pg_database where datname = $1',
    [name],
    signal,
  );
  const present = rows[0] !== undefined;
  const source = part.identity;
  const sameServer = identity.systemIdentifier === source.systemIdentifier;
  // By whatever address and name it is reached.
  const isSource = name === source.database || rows[0]?.oid === part.oid;
  if (present && sameServer && isSource) {
    const way = `restore under another name${name === source.database ? ', or rename it first' : ''}`;
    throw refused(`${name} is the database that the set was made of: ${way}`);
  }
  if (!present) return { present };
  if (rows[0]?.template === true || name === 'postgres') {
    throw refused(`${name} belongs to the server`);
  }
  if (identity.database === name) {
    throw refused(
      `--to connects to ${name} itself, which cannot be put aside then; let it name another database of that server`,
    );
  }
  if (!replace) {
    throw refused(
      `there is a database ${name} already; --replace puts it aside under another name, and the set in its place`,
    );
  }
  return { present };
}

/** Content of the marker in a bucket that is being restored; a restore that broke off is taken up again. */
export const restoreMarker = (set: string): string => `being restored from ${set}`;

/** @throws Fault `restore-refused`, `objects-*` */
export async function checkBucketTarget(
  set: string,
  part: Pick<BucketPart, 'endpoint' | 'bucket'>,
  { place, name }: NamedBucket,
  systems: BackupSystems,
): Promise<void> {
  const { store, endpoint } = await openStore(place, systems);
  try {
    if (endpoint === part.endpoint && name === part.bucket) {
      throw refused(`${name} is the bucket that the set was made of: restore into another one`);
    }
    const objects = await store.list(name, '', systems.signal);
    if (!objects) return;
    const marker = await store.get(name, markerKey, {}, systems.signal);
    const begun = marker && Buffer.concat(await marker.body.toArray()).toString('utf8');
    if (begun === restoreMarker(set)) return;
    for await (const { key } of objects) {
      throw refused(`the bucket ${name} is not empty: it holds ${key}; name a new or empty one`);
    }
  } finally {
    store.close();
  }
}

const refused = (why: string): Fault => new Fault('restore-refused', why);
