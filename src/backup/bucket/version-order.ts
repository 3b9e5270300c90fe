import type { ObjectVersion } from '../../adapters/objects/objects.ts';
import { Fault } from '../../core/fault.ts';

/** Versions and delete markers of one key. */
export interface VersionsOfKey {
  readonly key: string;
  /** Oldest first: in the order in which they have to be made again. */
  readonly versions: readonly ObjectVersion[];
  readonly order: VersionOrder;
}

/**
 * Where the order comes from: the server lists versions and markers of this key mixed; the times, or
 * there is but one kind; only the place in the listing; nothing that holds.
 */
export type VersionOrder = 'mixed' | 'told' | 'as-listed' | 'unknown';

/** Of one key, held in memory at once: some hundred bytes each. */
const mostVersions = 200_000;

/**
 * The versions of one key after the other.
 * @param listed newest first, as S3 lists them
 * @throws Fault `objects-failed` when a key has too many
 */
export async function* byKey(
  listed: AsyncIterable<ObjectVersion>,
): AsyncGenerator<VersionsOfKey, void, undefined> {
  let same: ObjectVersion[] = [];
  for await (const version of listed) {
    const [first] = same;
    if (first && first.key !== version.key) {
      yield ordered(same);
      same = [];
    }
    same.push(version);
    if (same.length > mostVersions) {
      const why = `it has more than ${mostVersions} versions, which are not held in memory`;
      throw new Fault('objects-failed', `the key ${JSON.stringify(version.key)}: ${why}`);
    }
  }
  if (same.length > 0) yield ordered(same);
}

/**
 * S3 lists versions and delete markers of a key newest first. Some servers give all markers of a page
 * before all versions; where the listing has them mixed it is not one of these, and elsewhere the times
 * have to tell.
 */
export function ordered(listed: readonly ObjectVersion[]): VersionsOfKey {
  const found = inOrderOfTime(listed);
  const latest = found.versions.find(({ isLatest }) => isLatest);
  if (!latest || latest === found.versions.at(-1)) return found;
  const versions = [...found.versions.filter((version) => version !== latest), latest];
  return { ...found, versions, order: 'unknown' };
}

function inOrderOfTime(listed: readonly ObjectVersion[]): VersionsOfKey {
  const key = listed[0]?.key ?? '';
  const turns = listed.filter(
    (version, at) => at > 0 && listed[at - 1]?.isDeleteMarker !== version.isDeleteMarker,
  ).length;
  if (turns !== 1) {
    return { key, versions: listed.toReversed(), order: turns === 0 ? 'told' : 'mixed' };
  }
  const { newestFirst, isTold } = merged(listed);
  const asListed = newestFirst.every((version, at) => version === listed[at]);
  // An object in parts may have the time at which its upload began.
  const isLate = !asListed && listed.some(({ etag }) => etag.includes('-'));
  const doubtful = asListed ? 'as-listed' : 'unknown';
  const order = isTold && !isLate ? 'told' : doubtful;
  return { key, versions: newestFirst.toReversed(), order };
}

/** Markers and versions by their times, each kind in the order of the listing. */
function merged(listed: readonly ObjectVersion[]): {
  readonly newestFirst: readonly ObjectVersion[];
  readonly isTold: boolean;
} {
  const second = listed.findIndex(
    ({ isDeleteMarker }) => isDeleteMarker !== listed[0]?.isDeleteMarker,
  );
  const newestFirst: ObjectVersion[] = [];
  let isTold = true;
  let [a, b] = [0, second];
  while (newestFirst.length < listed.length) {
    const one = a < second ? listed[a] : undefined;
    const other = listed[b];
    const later = one && other ? laterOf(one, other) : (one ?? other);
    isTold &&= later !== undefined;
    if (one && later !== other) a += 1;
    else b += 1;
    const next = later ?? one;
    if (next) newestFirst.push(next);
  }
  return { newestFirst, isTold };
}

/** @returns undefined where neither mark nor time says */
function laterOf(one: ObjectVersion, other: ObjectVersion): ObjectVersion | undefined {
  if (one.isLatest !== other.isLatest) return one.isLatest ? one : other;
  const [a, b] = [one.lastModified.getTime(), other.lastModified.getTime()];
  // Many servers count in seconds, and cut off the rest.
  const unitMs = a % 1000 === 0 || b % 1000 === 0 ? 1000 : 1;
  const difference = Math.floor(a / unitMs) - Math.floor(b / unitMs);
  if (difference === 0) return undefined;
  return difference > 0 ? one : other;
}
