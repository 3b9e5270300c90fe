import type { Item } from '../../item.ts';
import { sumUp } from '../../summed.ts';

/** The previous revision is complete and can be back within the SLA. */
export const item: Item = {
  n: 11,
  id: 'rollback',
  title: 'Rollback within its SLA',
  critical: true,
  looksAt: ['rollbackPlan'],
  run: (context) => sumUp(context, 'rollback', item.looksAt),
};
