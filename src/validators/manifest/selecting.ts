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
  const index = indexes.get(set.objects) ?? indexOf(podTemplates(set));
  indexes.set(set.objects, index);
  return (owner, selector) => {
    const places = owner.namespace === null ? [anywhere] : [owner.namespace, nowhere];
    const requirements = requirementsOf(selector);
    return candidates(index, places, selector).filter(({ labels }) =>
      requirements.every((requirement) => requirement.holds(labels)),
    );
  };
}

/** Templates by namespace, and by namespace and label; sets have thousands of each. */
type Index = ReadonlyMap<string, readonly PodTemplate[]>;
const indexes = new WeakMap<readonly ManifestObject[], Index>();

// No namespace is called like these.
const anywhere = '*';
const nowhere = '';

function indexOf(templates: readonly PodTemplate[]): Index {
  const index = new Map<string, PodTemplate[]>();
  for (const template of templates) {
    for (const place of [anywhere, template.object.namespace ?? nowhere]) {
      for (const key of [place, ...template.labels.entries().map((label) => at(place, label))]) {
        const sharing = index.get(key);
        if (sharing) sharing.push(template);
        else index.set(key, [template]);
      }
    }
  }
  return index;
}

const at = (place: string, [key, value]: readonly [string, string]): string =>
  `${place}\0${key}=${value}`;

/** The smallest list that holds whatever the selector selects. */
function candidates(
  index: Index,
  places: readonly string[],
  selector: unknown,
): readonly PodTemplate[] {
  const alternatives = [
    ...stringsAt(selector, 'matchLabels')
      .entries()
      .map((label) => [label]),
    ...listAt(selector, 'matchExpressions')
      .filter((expression) => stringAt(expression, 'operator') === 'In')
      .map((expression) =>
        [...new Set(listAt(expression, 'values').map(String))].map(
          (value) => [stringAt(expression, 'key') ?? '', value] as const,
        ),
      ),
  ].map((labels) =>
    places.flatMap((place) => labels.flatMap((label) => index.get(at(place, label)) ?? [])),
  );
  const [first, ...others] = alternatives;
  if (!first) return places.flatMap((place) => index.get(place) ?? []);
  return others.reduce((best, other) => (other.length < best.length ? other : best), first);
}
