import { type Reading, startReading } from './reading.ts';
import { type Repository, readWhole } from './repository/repository.ts';
import { manifestText, type PublishedManifest, setSums } from './set/manifest.ts';
import type { Verification } from './set/reports.ts';
import { setFiles, setKey } from './set/set-id.ts';
import type { OpenedSet } from './set/sets.ts';
import { type BackupSystems, startSteps } from './systems.ts';
import { verifyObjects } from './verify-objects.ts';

/**
 * Reads every byte of a set and the objects it counts on: as they are stored, and, unless they are
 * encrypted and no identity is there, as they were before. Restores nothing: that the bytes make a
 * database again only a rehearsal shows.
 * @throws Fault `repository-*`, `objects-*`, `identity-wrong`; the signal's reason
 */
export async function verifySet(
  opened: OpenedSet,
  repository: Repository,
  systems: BackupSystems,
): Promise<Verification> {
  const { clock, toolVersion } = systems;
  const began = clock.monotonic();
  const reading = startReading(repository, systems);
  const { manifest } = opened;
  if (manifest) {
    await startSteps(systems).run('verify', async () => {
      systems.onEvent({ type: 'expected', bytes: bytesOf(manifest) });
      await readAll(manifest, repository, reading, systems.signal);
    });
  } else reading.problem(setKey(opened.set, setFiles.manifest), opened.problem);
  return {
    formatVersion: 1,
    set: opened.set,
    manifest: opened.manifest ? opened.digest : null,
    at: clock.now().toISOString(),
    tool: { name: 'deploycheck', version: toolVersion },
    signature: null,
    verdict: reading.problems.length === 0 ? 'good' : 'bad',
    ...reading.counts,
    opened: !opened.manifest?.encryption || repository.identities !== undefined,
    durationMs: Math.round(clock.monotonic() - began),
    problems: reading.problems,
  };
}

/** Of all files, and of the objects as often as a bucket names them. */
const bytesOf = ({ files, buckets }: PublishedManifest): number =>
  files.reduce((sum, { stored }) => sum + stored.size, 0) +
  buckets.reduce((sum, { bytes }) => sum + bytes, 0);

async function readAll(
  manifest: PublishedManifest,
  repository: Repository,
  reading: Reading,
  signal: AbortSignal,
): Promise<void> {
  const { set } = manifest;
  const sumsKey = setKey(set, setFiles.sums);
  const text = await readWhole(repository, setKey(set, setFiles.manifest), signal);
  const sums = await readWhole(repository, sumsKey, signal);
  if (!sums) reading.problem(sumsKey, 'it is missing');
  const signed = manifest.signature !== null;
  const signatureKey = setKey(set, setFiles.signature);
  const signature = signed ? await readWhole(repository, signatureKey, signal) : null;
  if (signature === undefined) reading.problem(signatureKey, 'it is missing');
  else if (sums) {
    const expected = setSums(manifest.files, text ?? manifestText(manifest), signature);
    if (sums.toString('utf8') !== expected) {
      reading.problem(sumsKey, 'it does not fit manifest and signature: one of them was changed');
    }
  }
  for (const file of manifest.files) await reading.file(setKey(set, file.path), file);

  const expected = new Set([
    setFiles.manifest,
    setFiles.sums,
    ...(signed ? [setFiles.signature] : []),
    ...manifest.files.map((f) => f.path),
  ]);
  for await (const { key } of repository.list(setKey(set, ''), signal)) {
    if (!expected.has(key.slice(setKey(set, '').length))) {
      reading.problem(key, 'it is no part of the set');
    }
  }
  await verifyObjects(manifest, repository, reading, signal);
}
