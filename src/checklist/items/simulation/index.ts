import type { Item } from '../../item.ts';
import { sumUp } from '../../summed.ts';

/** Deployed into a temporary namespace, healthy, nothing outside touched, nothing left. */
export const item: Item = {
  n: 10,
  id: 'simulation',
  title: 'Simulated deployment healthy',
  critical: true,
  looksAt: ['simulation'],
  run: (context) => sumUp(context, 'simulation', item.looksAt),
};
