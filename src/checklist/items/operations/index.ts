import { type Item, pending } from '../../item.ts';

/** Monitoring is up, nothing fires, and somebody is awake. */
export const item: Item = {
  n: 12,
  id: 'operations',
  title: 'People and signals ready',
  critical: true,
  looksAt: [],
  run: async () =>
    pending('person', 'a person has to confirm on-call, change window, dashboards and runbooks'),
};
