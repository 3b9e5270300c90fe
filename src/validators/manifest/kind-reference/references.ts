import { groupOf } from '../kind-key.ts';
import { oncePerSet } from '../once-per-set.ts';
import { isOwnGroup } from '../references/built-in.ts';
import type { Reference } from '../references/reference.ts';

/**
 * The kinds of the set that are not Kubernetes' own, each where it comes first. They are meant without
 * a name: a definition is called by its plural, which an object does not say.
 */
export const kindReferences = oncePerSet(({ objects }) => {
  const first = new Map<string, Reference>();
  for (const from of objects) {
    const { apiVersion, kind } = from;
    const group = groupOf(apiVersion);
    if (isOwnGroup(group) || !group.includes('.') || first.has(`${group}/${kind}`)) continue;
    const wanted = { apiVersion, kind, namespace: null, name: '' };
    first.set(`${group}/${kind}`, { ...wanted, from, path: ['kind'] });
  }
  return [...first.values()];
});
