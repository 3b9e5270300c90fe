import { oncePerSet } from '../once-per-set.ts';
import { namedAt, type Reference } from '../references/reference.ts';

/** The namespaces that objects go to, each where it is named first. */
export const namespaceReferences = oncePerSet(({ objects }) => {
  const first = new Map<string, Reference>();
  for (const from of objects) {
    if (from.namespace === null || first.has(from.namespace)) continue;
    const [reference] = namedAt(from, ['metadata', 'namespace'], {
      apiVersion: 'v1',
      kind: 'Namespace',
      namespace: null,
    });
    if (reference) first.set(from.namespace, reference);
  }
  return [...first.values()];
});
