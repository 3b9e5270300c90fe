import type { DatabaseIdentity } from '../adapters/postgres/postgres.ts';
import { Fault } from '../core/fault.ts';
import { type BackedUpBucket, backUpBucket, requireBucket } from './bucket/bucket-backup.ts';
import { openObjectIndex } from './bucket/object-index.ts';
import { backUpDatabase, type DatabaseBackup } from './database/database-backup.ts';
import { referencePart } from './database/references.ts';
import { sealingOf } from './encryption/sealing.ts';
import { compressionLevel } from './meter.ts';
import { holdLease } from './repository/lease.ts';
import { formatOf, type Manifest } from './set/manifest.ts';
import { newSetId } from './set/set-id.ts';
import { type SetForm, type SetWriter, startSet } from './set/set-writer.ts';
import { signWith } from './set/signature.ts';
import { type BackupSource, encryptionOf, openRepository, type RepositoryRef } from './sources.ts';
import { type BackupSystems, type StepRecord, startSteps } from './systems.ts';

export interface CreatedSet {
  readonly manifest: Manifest;
  /** `sha256:…` of manifest.json. */
  readonly digest: string;
  readonly steps: readonly StepRecord[];
}

/** Rows compress by more than this only where there is nothing but repetition. */
const leastCompression = 10;

/**
 * Backs up the database and the buckets of an environment into one set: the database first, in one
 * snapshot, then the objects, so that every object that a row of the snapshot names is older than its
 * copy. Either all of it is published, or the scope removes what there is.
 * @throws Fault; the signal's reason
 */
export async function createSet(
  source: BackupSource,
  ref: RepositoryRef,
  given: BackupSystems,
): Promise<CreatedSet> {
  if (!source.database && source.buckets.length === 0) {
    throw new Fault('input-empty', 'neither a database nor a bucket is named to be backed up');
  }
  const steps = startSteps(given);
  const encryption = await encryptionOf(ref, given);
  const form: SetForm = {
    sealing: encryption && (await sealingOf(encryption, given.home)),
    sign: ref.signing ? await signWith(ref.signing, given) : null,
  };
  const repository = await openRepository(ref, given);
  // Clean-up, which the scope does later, has to reach it still.
  await given.scope.defer('connections of the repository', () => repository.close());
  const { freeBytes } = await steps.run('places', async () => {
    for (const bucket of source.buckets) await requireBucket(bucket, given);
    return repository.check(given.signal);
  });
  const lease = await holdLease(repository, 'backup', given);
  const systems = { ...given, signal: lease.signal };
  const { clock, toolVersion } = systems;
  const createdAt = clock.now();

  const begin = async (name: string, databaseBytes: number): Promise<SetWriter> => {
    if (freeBytes !== null && freeBytes < databaseBytes / leastCompression) {
      const why = `${freeBytes} bytes are free, too few for tables of ${databaseBytes}`;
      throw new Fault('repository-unwritable', `${repository.place}: ${why}`);
    }
    return startSet({ repository, ref, lease }, newSetId(createdAt, name), form, systems);
  };

  const { database } = source;
  let writer: SetWriter | undefined;
  let backup: DatabaseBackup | undefined;
  if (database) {
    const found = async (identity: DatabaseIdentity, bytes: number) => {
      writer = await begin(identity.database, bytes);
      return writer;
    };
    backup = await backUpDatabase({ ...source, database }, found, steps, systems);
  }
  const into = writer ?? (await begin('buckets', 0));
  const references = backup?.references ?? [];
  const copied: BackedUpBucket[] = [];
  for (const [at, bucket] of source.buckets.entries()) {
    const { ref: place, prefix } = bucket;
    const of = [
      repository.place,
      place.endpoint,
      place.bucket,
      prefix,
      ...(bucket.versions ? ['versions'] : []),
      ...(form.sealing?.recipients ?? []),
    ];
    await using index = await openObjectIndex(given.home, of, createdAt);
    const copy = () => backUpBucket(bucket, at + 1, { writer: into, index }, references, systems);
    copied.push(await steps.run(`bucket ${bucket.name}`, copy));
  }
  const buckets = copied.map(({ part }) => part);
  const parts: Parameters<SetWriter['publish']>[0] = {
    formatVersion: formatOf(buckets),
    createdAt: createdAt.toISOString(),
    completedAt: clock.now().toISOString(),
    environment: source.environment,
    tool: { name: 'deploycheck', version: toolVersion },
    compression: { algorithm: 'zstd', level: compressionLevel },
    database: backup?.part ?? null,
    buckets,
    references: references.map(referencePart),
    missing: [...(backup?.missing ?? []), ...copied.flatMap(({ missing }) => missing)],
  };
  const published = await steps.run('publish', () => into.publish(parts));
  return { ...published, steps: steps.records };
}
