import type { ManifestObject } from './load.ts';
import { recordAt } from './read.ts';

/**
 * Annotations of what a tool makes for a moment and removes by itself.
 * https://helm.sh/docs/topics/charts_hooks/
 * https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 */
const hookAnnotations = ['helm.sh/hook', 'argocd.argoproj.io/hook'];

export function isHook({ value }: ManifestObject): boolean {
  const annotations = recordAt(value, 'metadata', 'annotations');
  return hookAnnotations.some((name) => Object.hasOwn(annotations, name));
}
