import { Readable } from 'node:stream';
import { z } from 'zod';
import { sha256 } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import { type Repository, readWhole, repositoryFolders } from '../repository/repository.ts';
import { type PublishedManifest, readManifest } from '../set/manifest.ts';
import { isSetId, setFiles, setKey } from '../set/set-id.ts';

/**
 * What a set leaves that is pruned: `tombstones/<set>.json` holds its manifest and is written before the
 * manifest is removed, which is the one step that ends the set; `<set>.retired.json` says when that was.
 * Beside a set that has its manifest a tombstone means nothing.
 */
const instant = z.iso.datetime({ precision: 3 });

const tombstoneSchema = z.object({
  formatVersion: z.literal(1),
  set: z.string(),
  at: instant,
  tool: z.object({ name: z.literal('deploycheck'), version: z.string() }),
  manifest: z
    .object({
      digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
      text: z.string().describe('manifest.json, byte for byte'),
    })
    .nullable()
    .describe('null for a run that died before it had one'),
});

const retiredSchema = z.object({ set: z.string(), at: instant });

export interface Tombstone {
  readonly set: string;
  /** Null for a run that died before it had one. */
  readonly manifest: PublishedManifest | null;
  /** Since when the set is none; null when that was not noted, or it still is one. */
  readonly retiredAt: Date | null;
}

export const tombstoneKey = (set: string): string => `${repositoryFolders.tombstones}${set}.json`;
const retiredKey = (set: string): string => `${repositoryFolders.tombstones}${set}.retired.json`;

const tombstoneName = /^tombstones\/(.+?)\.json$/;

/** The sets that have a tombstone. */
export async function tombstonedSets(
  repository: Repository,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const { key } of repository.list(repositoryFolders.tombstones, signal)) {
    const set = tombstoneName.exec(key)?.[1];
    if (set !== undefined && isSetId(set)) found.add(set);
  }
  return found;
}

/**
 * @returns why it cannot be read; undefined when there is none
 * @throws Fault of the repository
 */
export async function readTombstone(
  repository: Repository,
  set: string,
  signal: AbortSignal,
): Promise<Tombstone | { readonly problem: string } | undefined> {
  const bytes = await readWhole(repository, tombstoneKey(set), signal);
  if (!bytes) return undefined;
  const parsed = tombstoneSchema.safeParse(jsonOf(bytes));
  if (!parsed.success || parsed.data.set !== set) {
    return { problem: `${tombstoneKey(set)} is no tombstone of it` };
  }
  const kept = parsed.data.manifest;
  const read = kept && readManifest(kept.text, set);
  if (read && ('problem' in read || sha256(kept.text) !== kept.digest)) {
    return { problem: `${tombstoneKey(set)} holds no manifest that can be read` };
  }
  const retired = await readWhole(repository, retiredKey(set), signal);
  const noted = retired && retiredSchema.safeParse(jsonOf(retired)).data;
  return {
    set,
    manifest: read?.manifest ?? null,
    retiredAt: noted ? new Date(noted.at) : null,
  };
}

interface Retiring {
  readonly now: Date;
  readonly toolVersion: string;
}

/**
 * Ends a set: from the removal of its manifest on it is none. Every step may be done again.
 * @param digest of the manifest that the decision was made on; null for a run that died before it had one
 * @throws Fault `repository-unreadable` when the manifest is another one by now
 */
export async function retireSet(
  repository: Repository,
  { set, digest }: { readonly set: string; readonly digest: string | null },
  { now, toolVersion }: Retiring,
  signal: AbortSignal,
): Promise<void> {
  const manifestKey = setKey(set, setFiles.manifest);
  const bytes = await readWhole(repository, manifestKey, signal);
  if ((bytes ? sha256(bytes) : null) !== digest) {
    throw new Fault('repository-unreadable', `${manifestKey} was changed meanwhile`);
  }
  const at = now.toISOString();
  const tool = { name: 'deploycheck', version: toolVersion } as const;
  const manifest = bytes && digest !== null ? { digest, text: bytes.toString('utf8') } : null;
  if (manifest && sha256(manifest.text) !== digest) {
    throw new Fault('repository-unreadable', `${manifestKey} is no UTF-8`);
  }
  const tombstone = { formatVersion: 1, set, at, tool, manifest } satisfies z.infer<
    typeof tombstoneSchema
  >;
  await put(repository, tombstoneKey(set), tombstone, set, signal);
  // One that was there may be cut short or of other bytes: without a copy nothing is removed.
  const copy = await readTombstone(repository, set, signal);
  if (!copy || 'problem' in copy || (copy.manifest === null) !== (manifest === null)) {
    throw new Fault('repository-unreadable', `${tombstoneKey(set)} is no copy of the manifest`);
  }
  if (manifest) {
    // From when it was ended before, and somebody made it a set again.
    await repository.remove(retiredKey(set), signal);
    await repository.remove(manifestKey, signal);
  }
  await noteRetired(repository, set, now, signal);
}

/** Notes from when on the set is none; a time that is noted stays. */
export async function noteRetired(
  repository: Repository,
  set: string,
  now: Date,
  signal: AbortSignal,
): Promise<void> {
  const note = { set, at: now.toISOString() } satisfies z.infer<typeof retiredSchema>;
  await put(repository, retiredKey(set), note, set, signal);
}

/** The last step: the set is forgotten. */
export async function removeTombstone(
  repository: Repository,
  set: string,
  signal: AbortSignal,
): Promise<void> {
  // A time without a tombstone would be mistaken for that of a later one.
  await repository.remove(retiredKey(set), signal);
  await repository.remove(tombstoneKey(set), signal);
}

async function put(
  repository: Repository,
  key: string,
  value: unknown,
  owner: string,
  signal: AbortSignal,
): Promise<void> {
  const content = Readable.from([Buffer.from(`${JSON.stringify(value, null, 2)}\n`)]);
  await repository.put(key, content, { owner }, signal);
}

export function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
