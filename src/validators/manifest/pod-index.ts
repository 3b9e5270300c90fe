import { labelIndex } from './label-index.ts';
import type { ManifestObject, ManifestSet } from './load.ts';
import { oncePerSet } from './once-per-set.ts';
import { type PodTemplate, podTemplates } from './workloads.ts';

/** The pods of the set, by their labels. */
export const podIndex = oncePerSet((set) =>
  labelIndex(podTemplates(set), ({ labels, object }) => ({
    labels,
    namespace: object.namespace,
  })),
);

/**
 * Finds the pods that a LabelSelector of an object selects, in the namespace that the object may share. An
 * absent or empty selector selects all of them.
 */
export type FindSelected = (owner: ManifestObject, selector: unknown) => readonly PodTemplate[];

export function selectedFinder(set: Pick<ManifestSet, 'objects'>): FindSelected {
  const index = podIndex(set);
  return (owner, selector) => index.select(selector, owner.namespace);
}
