import { sha256, sumsText } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import { type LoadOptions, loadManifests, type ManifestObject, type ManifestSet } from './load.ts';
import { isKind } from './workloads.ts';

export function isDefinition(object: ManifestObject): boolean {
  return isKind(object, 'apiextensions.k8s.io/v1', 'CustomResourceDefinition');
}

/**
 * The set together with CustomResourceDefinitions from other files, which are read and not examined.
 * Their files count for its digest and listing, because they decide what is found; what is broken in
 * them is broken in the set. Other objects in these files are left aside.
 * @param options `paths` may be empty
 * @throws Fault `input-missing`, `input-empty`, `input-too-large`
 */
export async function withDefinitions(
  set: ManifestSet,
  options: Pick<LoadOptions, 'paths' | 'root' | 'signal'>,
): Promise<ManifestSet> {
  if (options.paths.length === 0) return set;
  const found = await loadManifests(options);
  const definitions = found.objects.filter(isDefinition);
  if (definitions.length === 0 && found.problems.length === 0) {
    throw new Fault('input-empty', `${found.name}: no CustomResourceDefinition found`);
  }
  const known = new Set(set.files.map(({ path }) => path));
  const added = found.files.filter(({ path }) => !known.has(path));
  const problems = found.problems.filter(({ location }) => !known.has(location.file ?? ''));
  const listing = `${set.listing}${sumsText(added)}`;
  return {
    ...set,
    definitions,
    files: [...set.files, ...added],
    listing,
    digest: sha256(listing),
    problems: [...set.problems, ...problems],
    skipped: [...set.skipped, ...found.skipped],
    complete: set.complete && found.complete,
  };
}
