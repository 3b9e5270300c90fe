import type { ManifestObject } from './load.ts';
import { oncePerSet } from './once-per-set.ts';
import { type FindSelected, selectedFinder } from './pod-index.ts';
import { partAt } from './read.ts';
import type { PodTemplate } from './workloads.ts';

/**
 * Finds the pod templates that a PodDisruptionBudget guards. An empty selector guards the namespace, a
 * budget without one guards no pod.
 * https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget
 */
export const guardedBy = oncePerSet((set): ((budget: ManifestObject) => readonly PodTemplate[]) => {
  const select = selectedFinder(set);
  const guarded = new Map<ManifestObject, readonly PodTemplate[]>();
  return (budget) => {
    const found = guarded.get(budget) ?? templatesOf(budget, select);
    guarded.set(budget, found);
    return found;
  };
});

function templatesOf(budget: ManifestObject, select: FindSelected): readonly PodTemplate[] {
  const selector = partAt(budget.value, 'spec', 'selector') ?? null;
  return selector === null ? [] : select(budget, selector);
}
