import type { ManifestObject, ManifestSet } from './load.ts';
import { type FindSelected, selectedFinder } from './pod-index.ts';
import { partAt } from './read.ts';
import type { PodTemplate } from './workloads.ts';

/**
 * Finds the pod templates that a PodDisruptionBudget guards. An empty selector guards the namespace, a
 * budget without one guards no pod.
 * https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget
 */
export function guardedBy(set: ManifestSet): (budget: ManifestObject) => readonly PodTemplate[] {
  const select = selectedFinder(set);
  return (budget) => {
    const found = guarded.get(budget) ?? templatesOf(budget, select);
    guarded.set(budget, found);
    return found;
  };
}

/** Budgets are asked for by several rules, and belong to one set. */
const guarded = new WeakMap<ManifestObject, readonly PodTemplate[]>();

function templatesOf(budget: ManifestObject, select: FindSelected): readonly PodTemplate[] {
  const selector = partAt(budget.value, 'spec', 'selector') ?? null;
  return selector === null ? [] : select(budget, selector);
}
