import { objectsOf } from './kinds.ts';
import type { ManifestObject, ManifestSet } from './load.ts';
import { bindingsOf } from './rbac.ts';
import { stringAt } from './read.ts';
import { mayShareNamespace, type PodTemplate } from './workloads.ts';

/** The service account that pods run as; `serviceAccount` is the old name of the field, and counts second. */
export function accountOf({ spec }: PodTemplate): string {
  return stringAt(spec, 'serviceAccountName') || stringAt(spec, 'serviceAccount') || 'default';
}

interface Named {
  readonly name: string;
  readonly namespace: string | null;
}

/** Finds what has a name and may be in the namespace of an object. */
type Find<T> = (name: string, object: ManifestObject) => readonly T[];

/** The ServiceAccounts of a set. */
export function accountFinder(set: ManifestSet): Find<ManifestObject> {
  return finder(objectsOf(set, 'v1', 'ServiceAccount'));
}

/** The service accounts that bindings of a set give rights to. */
export function boundAccountFinder(set: ManifestSet): Find<Named> {
  const subjects = bindingsOf(set).flatMap((binding) => binding.subjects);
  return finder(subjects.filter(({ kind }) => kind === 'ServiceAccount'));
}

function finder<T extends Named>(all: readonly T[]): Find<T> {
  const byName = Map.groupBy(all, ({ name }) => name);
  return (name, object) => (byName.get(name) ?? []).filter((one) => mayShareNamespace(one, object));
}
