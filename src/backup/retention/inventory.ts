import { type Repository, readWhole } from '../repository/repository.ts';
import type { PublishedManifest } from '../set/manifest.ts';
import { type Rehearsal, readReports, type Verification } from '../set/reports.ts';
import { setFiles, setKey, timeOfSet } from '../set/set-id.ts';
import { type Distrusted, openSets } from '../set/sets.ts';
import { knownSets } from '../set/unfinished.ts';
import type { DatedSet, Proof } from './policy.ts';
import { jsonOf, readTombstone, type Tombstone } from './tombstones.ts';

export interface ProvenSet extends DatedSet {
  readonly digest: string;
  readonly manifest: PublishedManifest;
}

/** Something in a repository that is left as it is, because it could not be looked at. */
export interface LeftAlone {
  readonly set: string;
  readonly why: string;
}

/** What a prune decides on: whatever is there, as its manifests tell it. */
export interface Inventory {
  readonly sets: readonly ProvenSet[];
  /** Their manifests cannot be read, so nobody knows what they are and what they count on. */
  readonly unreadable: readonly LeftAlone[];
  /** Without a manifest: being made, or left by a run that died. */
  readonly unfinished: readonly UnfinishedRun[];
  /** Pruned, and their data still there. */
  readonly retired: readonly Tombstone[];
}

export interface UnfinishedRun {
  readonly set: string;
  readonly begunAt: Date;
  /** Nothing but a run that broke off: it never had a manifest. */
  readonly never: boolean;
}

/**
 * @param distrusted why a set does not count
 * @throws Fault of the repository
 */
export async function takeInventory(
  repository: Repository,
  signal: AbortSignal,
  distrusted?: Distrusted,
): Promise<Inventory> {
  // Before the sets: a set that is proven in between counts as unproven, which keeps more.
  const verifications = await readReports(repository, 'verifications', signal);
  const rehearsals = await readReports(repository, 'rehearsals', signal);
  // Before they are opened: one that is published in between is among both, and holds objects back.
  const known = await knownSets(repository, signal);
  const opened = await openSets(repository, signal);
  const sets: ProvenSet[] = [];
  for (const set of opened) {
    if (set.manifest === null) continue;
    const { manifest, digest } = set;
    const proof = proofOf(
      about(set.set, digest, rehearsals),
      about(set.set, digest, verifications),
    );
    const { createdAt } = manifest;
    const group = groupOf(manifest);
    const why = await distrusted?.(set);
    sets.push({ set: set.set, group, createdAt, proof, digest, manifest, distrusted: why });
  }
  const unreadable: LeftAlone[] = opened.flatMap((set) =>
    set.manifest === null ? [{ set: set.set, why: `its manifest: ${set.problem}` }] : [],
  );
  const retired: Tombstone[] = [];
  for (const set of known.retired) {
    const tombstone = await readTombstone(repository, set, signal);
    if (!tombstone) continue;
    if ('problem' in tombstone) unreadable.push({ set, why: tombstone.problem });
    else retired.push(tombstone);
  }
  const unfinished: UnfinishedRun[] = [];
  for (const set of known.unfinished) {
    const never = await neverPublished(repository, set, signal);
    unfinished.push({ set, begunAt: timeOfSet(set), never });
  }
  return { sets, unreadable, unfinished, retired };
}

/** Sets of one environment and database, or of the same buckets, take each other's place. */
function groupOf({ environment, database, buckets }: PublishedManifest): string {
  const of = database?.name ?? buckets.map(({ name }) => name).join('+');
  return `${environment ?? 'no environment'}/${of}`;
}

const about = <T extends { readonly set: string; readonly manifest: string | null }>(
  set: string,
  digest: string,
  reports: readonly T[],
): readonly T[] => reports.filter((report) => report.set === set && report.manifest === digest);

/** @param rehearsals of the set, oldest first, and so the verifications */
export function proofOf(
  rehearsals: readonly Pick<Rehearsal, 'verdict' | 'at'>[],
  verifications: readonly Pick<Verification, 'verdict' | 'at'>[],
): Proof {
  const rehearsal = rehearsals.findLast(({ verdict }) => verdict !== 'could-not-check');
  const verification = verifications.at(-1);
  if (rehearsal?.verdict === 'bad') return 'bad';
  const damaged = verification?.verdict === 'bad';
  if (damaged && (!rehearsal || verification.at >= rehearsal.at)) return 'bad';
  return rehearsal ? 'good' : 'unproven';
}

/**
 * The sums are written just before the manifest: where they are and it is not, somebody lost it. Asked
 * by name, for a listing may leave out what is there.
 */
async function neverPublished(
  repository: Repository,
  set: string,
  signal: AbortSignal,
): Promise<boolean> {
  const started = await readWhole(repository, setKey(set, setFiles.started), signal);
  const value = started && jsonOf(started);
  const isOwn = typeof value === 'object' && value !== null && 'set' in value && value.set === set;
  if (!isOwn) return false;
  for (const file of [setFiles.sums, setFiles.manifest]) {
    if (await repository.stat(setKey(set, file), signal)) return false;
  }
  return true;
}
