import type { Item } from '../../item.ts';
import { sumUp } from '../../summed.ts';

/** The API server of the target version will accept every object, and references between them resolve. */
export const item: Item = {
  n: 3,
  id: 'manifests',
  title: 'Manifests valid for the target',
  critical: true,
  looksAt: ['manifestSet'],
  run: (context) => sumUp(context, 'manifests', item.looksAt),
};
