import { sha256 } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import { type LoadOptions, loadManifests, type ManifestObject, type ManifestSet } from './load.ts';
import { isKind } from './workloads.ts';

/** Files and folders that decide what is found in a release and are not examined themselves. */
export interface BesidePaths {
  /** CustomResourceDefinitions that the cluster has from elsewhere; other objects are left aside. */
  readonly definitions?: readonly string[];
  /** ValidatingAdmissionPolicies that hold like rules, with their bindings and parameters. */
  readonly policies?: readonly string[];
  /** The release that is replaced. */
  readonly before?: readonly string[];
}

/**
 * The set together with what stands beside it. Their files count for its digest and listing; what is
 * broken in them is broken in the set.
 * @param from charts and kustomizations are rendered where it can
 * @throws Fault `input-missing`, `input-empty`, `input-too-large`, `usage-invalid`,
 *   `manifests-not-rendered` or `tool-missing`
 */
export async function withBeside(
  set: ManifestSet,
  { definitions = [], policies = [], before = [] }: BesidePaths,
  from: Omit<LoadOptions, 'paths' | 'stdin' | 'templates'>,
): Promise<ManifestSet> {
  const read = async (paths: readonly string[]) =>
    paths.length === 0 ? undefined : await loadManifests({ ...from, paths });
  const brought = await read(definitions);
  const custom = await read(policies);
  const earlier = await read(before);
  require(brought, isDefinition, 'CustomResourceDefinition');
  require(custom, isPolicy, 'ValidatingAdmissionPolicy of admissionregistration.k8s.io/v1');
  return {
    ...[brought, custom, earlier].reduce(joined, set),
    definitions: (brought?.objects ?? []).filter(isDefinition),
    policies: custom?.objects ?? [],
    before: earlier?.objects ?? [],
  };
}

export function isDefinition(object: ManifestObject): boolean {
  return isKind(object, 'apiextensions.k8s.io/v1', 'CustomResourceDefinition');
}

export function isPolicy(object: ManifestObject): boolean {
  return isKind(object, 'admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy');
}

/** Another kind alone is a wrong path; what is broken is said with the problems of the set. */
function require(
  found: ManifestSet | undefined,
  wanted: (object: ManifestObject) => boolean,
  what: string,
): void {
  if (!found || found.problems.length > 0 || found.objects.some(wanted)) return;
  throw new Fault('input-empty', `${found.name}: no ${what} found`);
}

/** What is known of two sets, without the objects of the second. */
function joined(set: ManifestSet, found: ManifestSet | undefined): ManifestSet {
  if (!found) return set;
  const known = new Set(set.files.map(({ path }) => path));
  const added = found.files.filter(({ path }) => !known.has(path));
  const problems = found.problems.filter(({ location }) => !known.has(location.file ?? ''));
  const lines = new Set(set.listing.split('\n'));
  const more = found.listing.split('\n').filter((line) => !lines.has(line));
  const listing = `${set.listing}${more.map((line) => `${line}\n`).join('')}`;
  return {
    ...set,
    files: [...set.files, ...added],
    listing,
    digest: sha256(listing),
    problems: [...set.problems, ...problems],
    skipped: [...set.skipped, ...found.skipped],
    complete: set.complete && found.complete,
  };
}
