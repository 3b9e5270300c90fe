import type { Filled } from './restore/database.ts';
import type { BucketPart, PublishedManifest } from './set/manifest.ts';
import type { Rehearsal } from './set/reports.ts';
import type { BackupSystems, Steps } from './systems.ts';

/** The steps whose times an outcome reports. */
export const timed = {
  /** Decrypting and decompressing the dump, where that is done before pg_restore starts. */
  unpack: 'unpack',
  database: 'restore database',
  bucket: 'restore bucket',
  compare: 'compare',
} as const;

export interface Restoring {
  readonly of: { readonly manifest: PublishedManifest; readonly digest: string };
  /** What of the set was asked for. */
  readonly buckets: readonly BucketPart[];
  readonly database: boolean;
  readonly server: Rehearsal['server'];
  readonly results: readonly Filled[];
  readonly steps: Steps;
}

/** What restoring came to, whether into scratch or for good. */
export function outcomeOf(
  { of: { manifest, digest }, buckets, database, server, results, steps }: Restoring,
  { clock, toolVersion }: Pick<BackupSystems, 'clock' | 'toolVersion'>,
): Rehearsal {
  const lists = {
    differences: results.flatMap(({ differences }) => differences),
    damage: results.flatMap(({ damage }) => damage),
    lacking: results.flatMap(({ lacking }) => lacking),
    notes: results.flatMap(({ notes }) => notes),
  };
  const unpackMs = steps.duration(timed.unpack);
  const databaseMs = unpackMs + steps.duration(timed.database);
  const bucketsMs = steps.duration(timed.bucket);
  const dump = database && manifest.files.find(({ path }) => path === manifest.database?.dump);
  const bucketBytes = buckets.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    formatVersion: 1,
    set: manifest.set,
    manifest: digest,
    at: clock.now().toISOString(),
    tool: { name: 'deploycheck', version: toolVersion },
    signature: null,
    verdict: verdictOf(lists),
    server,
    measured: {
      restoreMs: databaseMs + bucketsMs,
      databaseMs,
      unpackMs,
      bucketsMs,
      compareMs: steps.duration(timed.compare),
      bytes: bucketBytes + (dump ? dump.plain.size : 0),
    },
    ...lists,
  };
}

/** What is wrong is wrong, whatever else could not be looked at. */
function verdictOf({
  differences,
  damage,
  lacking,
}: Pick<Rehearsal, 'differences' | 'damage' | 'lacking'>): Rehearsal['verdict'] {
  if (differences.length > 0 || damage.length > 0) return 'bad';
  return lacking.length > 0 ? 'could-not-check' : 'good';
}

/** Whether all was restored, so that comparing makes sense. */
export const isFilled = ({ damage, differences, lacking }: Filled): boolean =>
  damage.length + differences.length + lacking.length === 0;
