import type { Item } from '../../item.ts';
import { sumUp } from '../../summed.ts';

/** Every ConfigMap and Secret key that a pod names exists where it will run. */
export const item: Item = {
  n: 6,
  id: 'configuration',
  title: 'Configuration and secrets complete',
  critical: true,
  looksAt: ['manifestSet'],
  run: (context) => sumUp(context, 'configuration', item.looksAt),
};
