import { type Item, pending } from '../../item.ts';

/** Deployed into a temporary namespace, healthy, nothing outside touched, nothing left. */
export const item: Item = {
  n: 10,
  id: 'simulation',
  title: 'Simulated deployment healthy',
  critical: true,
  looksAt: [],
  run: async () =>
    pending(
      'environment',
      'not deployed anywhere yet; this version does not simulate on a cluster',
    ),
};
