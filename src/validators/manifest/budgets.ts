import type { ManifestObject, ManifestSet } from './load.ts';
import { partAt } from './read.ts';
import { selectedFinder } from './selecting.ts';
import type { PodTemplate } from './workloads.ts';

/**
 * Finds the pod templates that a PodDisruptionBudget guards. An empty selector guards the namespace, a
 * budget without one guards no pod.
 * https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget
 */
export function guardedBy(set: ManifestSet): (budget: ManifestObject) => readonly PodTemplate[] {
  const select = selectedFinder(set);
  return (budget) => {
    const selector = partAt(budget.value, 'spec', 'selector') ?? null;
    return selector === null ? [] : select(budget, selector);
  };
}
