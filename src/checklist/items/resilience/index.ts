import type { Item } from '../../item.ts';
import { sumUp } from '../../summed.ts';

/** Probes, requests and budgets, so that a rollout, a drain or a crash is no outage. */
export const item: Item = {
  n: 4,
  id: 'resilience',
  title: 'Survives restarts and load',
  critical: true,
  looksAt: ['manifestSet'],
  run: (context) => sumUp(context, 'resilience', item.looksAt),
};
