import type { ObjectVersion } from '../../adapters/objects/objects.ts';
import { readVersions } from '../bucket/listing.ts';
import { markerKey } from '../bucket/scratch-bucket.ts';
import { type ContentLine, isContent, type VersionLine } from '../bucket/version-line.ts';
import { ordered } from '../bucket/version-order.ts';
import type { Repository } from '../repository/repository.ts';
import { fileAt, type Manifest } from '../set/manifest.ts';
import type { Difference, Lacking, Note } from '../set/reports.ts';
import { type BackupSystems, inOrder } from '../systems.ts';
import type { BucketTarget } from './bucket.ts';
import { type KeptVersions, protectionOf } from './bucket-versions.ts';
import { compareObject } from './compare-object.ts';
import type { Filled } from './database.ts';

const width = 6;

/**
 * Compares the versions of a bucket that was filled with those of a set: for each key their number, order,
 * content and description, and the delete markers among them.
 * @param shown differences at most
 */
export async function compareVersions(
  manifest: Pick<Manifest, 'set' | 'files'>,
  { name, listing }: KeptVersions,
  repository: Repository,
  target: BucketTarget,
  { signal, clock }: BackupSystems,
  shown: number,
): Promise<Pick<Filled, 'differences' | 'lacking' | 'notes'>> {
  const { store, bucket } = target;
  const differences: Difference[] = [];
  let listed = 0;
  let idle = 0;
  let askew = 0;
  let over = 0;
  const look = async (lines: readonly VersionLine[]): Promise<Difference[]> => {
    const key = lines[0]?.key ?? '';
    if (!target.isScratch) over += lines.filter((line) => isOver(line, clock.now())).length;
    const found: ObjectVersion[] = [];
    for await (const version of (await store.versionsOf(bucket, key, signal)) ?? []) {
      found.push(version);
    }
    listed += found.length;
    const what = { what: 'versions of an object', name: `${name}: ${key}` };
    if (found.length === 0) {
      const isIdle = !lines.some(isTelling);
      if (isIdle) idle += lines.length;
      return isIdle ? [] : compareUnlisted(name, lines, target, signal);
    }
    const { versions, order } = ordered(found);
    const [kept, seen] = [lines.map(kindOf), versions.map(kindOfVersion)];
    const needed = seen.length < kept.length ? lines.filter(isTelling) : lines;
    const isSame = needed.map(kindOf).join() === seen.join();
    const isAskew = !isSame && order !== 'mixed' && order !== 'told';
    if (!isSame && !(isAskew && [...kept].sort().join() === [...seen].sort().join())) {
      return [{ ...what, expected: summary(kept), found: summary(seen) }];
    }
    if (isAskew) askew += 1;
    idle += lines.length - needed.length;
    const all: Difference[] = [];
    const contents = versions.filter(({ isDeleteMarker }) => !isDeleteMarker);
    for (const [at, line] of lines.filter(isContent).entries()) {
      const { versionId } = contents[at] ?? {};
      if (versionId === undefined) continue;
      all.push(...(await compareObject(name, line, target, signal, versionId)));
      all.push(...(await compareProtection(name, line, versionId, target, clock.now(), signal)));
    }
    if (versions.at(-1)?.isLatest === false) {
      all.push({ ...what, expected: 'the last one is current', found: 'another one is current' });
    }
    return all;
  };
  const lines = readVersions(repository, manifest.set, fileAt(manifest, listing), signal);
  for await (const found of inOrder(byLineKey(lines), width, look)) {
    if (differences.length < shown) differences.push(...found);
  }
  let total = 0;
  for await (const { key } of (await store.listVersions(bucket, '', signal)) ?? []) {
    if (key !== markerKey) total += 1;
  }
  if (total !== listed) {
    const counts = { expected: `${listed} in all`, found: `${total} in all` };
    differences.push({ what: 'versions of objects', name, ...counts });
  }
  return { differences, lacking: lackingOf(name, { idle, askew }), notes: notesOf(name, over) };
}

/** Whether it was kept from being removed until a moment that has passed. */
const isOver = (line: VersionLine, now: Date): boolean =>
  isContent(line) && !!line.protection?.retention && !protectionOf(line, now).retention;

const notesOf = (name: string, over: number): Note[] =>
  over > 0
    ? [
        {
          what: `the retention of ${over} versions of ${name}`,
          why: 'it is over, and a store takes none that is',
        },
      ]
    : [];

const lackingOf = (
  name: string,
  { idle, askew }: { readonly idle: number; readonly askew: number },
): Lacking[] => [
  ...(idle > 0
    ? [
        {
          what: `${idle} delete markers of ${name} that remove nothing`,
          why: 'the store makes none where there is no version, or a delete marker already',
        },
      ]
    : []),
  ...(askew > 0
    ? [
        {
          what: `the order of versions and delete markers of ${askew} keys of ${name}`,
          why: 'the store lists them apart, and gives them times that do not tell',
        },
      ]
    : []),
];

/** Whether it is a version, or a delete marker that removed one. */
const isTelling = ({ kind }: VersionLine, at: number, all: readonly VersionLine[]): boolean =>
  kind === 'version' || all[at - 1]?.kind === 'version';

async function* byLineKey(lines: AsyncIterable<VersionLine>): AsyncGenerator<VersionLine[]> {
  let same: VersionLine[] = [];
  for await (const line of lines) {
    if (same[0] && same[0].key !== line.key) {
      yield same;
      same = [];
    }
    same.push(line);
  }
  if (same.length > 0) yield same;
}

const kindOf = ({ kind }: VersionLine): string => (kind === 'version' ? 'V' : 'M');
const kindOfVersion = ({ isDeleteMarker }: ObjectVersion): string => (isDeleteMarker ? 'M' : 'V');

const shownKinds = 60;

/** Such as `3: V M V`, oldest first. */
const summary = (kinds: readonly string[]): string => {
  const text = kinds.join(' ');
  return `${kinds.length}: ${text.length > shownKinds ? `${text.slice(0, shownKinds)}…` : text}`;
};

/** An object that a server keeps and does not list; it has the name of another one as a folder. */
async function compareUnlisted(
  name: string,
  lines: readonly VersionLine[],
  target: BucketTarget,
  signal: AbortSignal,
): Promise<Difference[]> {
  const line = lines.at(-1);
  if (lines.length === 1 && line?.kind === 'version') {
    return compareObject(name, line, target, signal);
  }
  const what = { what: 'versions of an object', name: `${name}: ${line?.key}` };
  return [{ ...what, expected: summary(lines.map(kindOf)), found: 'none' }];
}

async function compareProtection(
  name: string,
  line: ContentLine,
  versionId: string,
  { store, bucket, isScratch }: BucketTarget,
  now: Date,
  signal: AbortSignal,
): Promise<Difference[]> {
  if (isScratch || !line.protection) return [];
  const expected = protectionOf(line, now);
  if (!expected.retention && !expected.legalHold) return [];
  const found = await store.protection(bucket, line.key, versionId, signal);
  const [wanted, seen] = [expected, found ?? {}].map(textOf);
  if (wanted === seen) return [];
  const of = { what: 'object retention and legal hold', name: `${name}: ${line.key}` };
  return [{ ...of, expected: `${wanted}`, found: `${seen}` }];
}

/** To the second: not every store keeps less. */
function textOf({ retention, legalHold = false }: ReturnType<typeof protectionOf>): string {
  const seconds = retention && Math.floor(retention.until.getTime() / 1000);
  return JSON.stringify([retention?.mode ?? null, seconds ?? null, legalHold]);
}
