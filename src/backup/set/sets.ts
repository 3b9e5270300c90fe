import { sha256 } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import { type Repository, readWhole } from '../repository/repository.ts';
import { type PublishedManifest, readManifest } from './manifest.ts';
import { isSetId, setFiles, setKey } from './set-id.ts';
import { knownSets } from './unfinished.ts';

/** A set as its manifest describes it, or why its manifest cannot be read. */
export type OpenedSet =
  | { readonly set: string; readonly manifest: PublishedManifest; readonly digest: string }
  | { readonly set: string; readonly manifest: null; readonly problem: string };

/** Why a set does not count; undefined when it does. @throws Fault when that cannot be told */
export type Distrusted = (set: OpenedSet) => Promise<string | undefined>;

/** @returns undefined when the set has no manifest, and so is none */
async function openSet(
  repository: Repository,
  set: string,
  signal: AbortSignal,
): Promise<OpenedSet | undefined> {
  const bytes = await readWhole(repository, setKey(set, setFiles.manifest), signal);
  if (!bytes) return undefined;
  const read = readManifest(bytes.toString('utf8'), set);
  return 'manifest' in read
    ? { set, manifest: read.manifest, digest: sha256(bytes) }
    : { set, manifest: null, problem: read.problem };
}

/** Every set, oldest first. */
export async function openSets(repository: Repository, signal: AbortSignal): Promise<OpenedSet[]> {
  const opened: OpenedSet[] = [];
  for (const set of (await knownSets(repository, signal)).complete) {
    const found = await openSet(repository, set, signal);
    if (found) opened.push(found);
  }
  return opened;
}

/**
 * The set that is meant.
 * @param name id of a set, or `last`
 * @throws Fault `set-missing`
 */
export async function namedSet(
  repository: Repository,
  name: string,
  signal: AbortSignal,
): Promise<OpenedSet> {
  const id = name === 'last' ? (await knownSets(repository, signal)).complete.at(-1) : name;
  if (id === undefined) throw new Fault('set-missing', `${repository.place} holds no set`);
  const found = isSetId(id) ? await openSet(repository, id, signal) : undefined;
  if (!found) throw new Fault('set-missing', `${repository.place} holds no set '${id}'`);
  return found;
}
