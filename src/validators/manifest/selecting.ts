import type { ManifestObject, ManifestSet } from './load.ts';
import { listAt, stringAt, stringsAt } from './read.ts';
import { requirementsOf } from './selectors.ts';
import { type PodTemplate, podTemplates } from './workloads.ts';

/**
 * Finds the pod templates that a LabelSelector of an object selects, in the namespace that the object
 * may share. An absent or empty selector selects all of them.
 */
export type FindSelected = (owner: ManifestObject, selector: unknown) => readonly PodTemplate[];

export function selectedFinder(set: ManifestSet): FindSelected {
  const index = indexes.get(set.objects) ?? lazyIndex(podTemplates(set));
  indexes.set(set.objects, index);
  return (owner, selector) => {
    const requirements = requirementsOf(selector);
    return candidates(index, owner.namespace, selector).filter(({ labels }) =>
      requirements.every((requirement) => requirement.holds(labels)),
    );
  };
}

const indexes = new WeakMap<readonly ManifestObject[], Index>();

/** Finds templates that an object of a namespace may select: by a label, or all of them. */
type Index = (
  namespace: string | null,
  label?: readonly [string, string],
) => readonly PodTemplate[];

/** What names no namespace may share any. Sets mostly name one always or never: one index is made then. */
function lazyIndex(templates: readonly PodTemplate[]): Index {
  let everywhere: ReadonlyMap<string, readonly PodTemplate[]> | undefined;
  let byNamespace: ReadonlyMap<string, readonly PodTemplate[]> | undefined;
  return (namespace, label) => {
    if (namespace === null) {
      everywhere ??= indexOf(templates, () => '');
      return everywhere.get(keyOf('', label)) ?? [];
    }
    byNamespace ??= indexOf(templates, ({ object }) => object.namespace ?? '');
    const index = byNamespace;
    return [namespace, ''].flatMap((place) => index.get(keyOf(place, label)) ?? []);
  };
}

function indexOf(
  templates: readonly PodTemplate[],
  placeOf: (template: PodTemplate) => string,
): ReadonlyMap<string, readonly PodTemplate[]> {
  const index = new Map<string, PodTemplate[]>();
  for (const template of templates) {
    const place = placeOf(template);
    for (const label of [undefined, ...template.labels]) {
      const key = keyOf(place, label);
      const sharing = index.get(key);
      if (sharing) sharing.push(template);
      else index.set(key, [template]);
    }
  }
  return index;
}

function keyOf(place: string, label: readonly [string, string] | undefined): string {
  return label ? `${place}\0${label[0]}=${label[1]}` : place;
}

/** The smallest list that holds whatever the selector selects. */
function candidates(
  index: Index,
  namespace: string | null,
  selector: unknown,
): readonly PodTemplate[] {
  const alternatives = [
    ...[...stringsAt(selector, 'matchLabels')].map((label) => [label]),
    ...listAt(selector, 'matchExpressions')
      .filter((expression) => stringAt(expression, 'operator') === 'In')
      .map((expression) =>
        [...new Set(listAt(expression, 'values').map(String))].map(
          (value) => [stringAt(expression, 'key') ?? '', value] as const,
        ),
      ),
  ].map((labels) => labels.flatMap((label) => index(namespace, label)));
  const [first, ...others] = alternatives;
  if (!first) return index(namespace);
  return others.reduce((best, other) => (other.length < best.length ? other : best), first);
}
