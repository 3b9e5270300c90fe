import { type Item, pending } from '../../item.ts';

/** The previous revision is complete and can be back within the SLA. */
export const item: Item = {
  n: 11,
  id: 'rollback',
  title: 'Rollback within its SLA',
  critical: true,
  looksAt: [],
  run: async () =>
    pending('evidence', 'the way back was not examined; this version reads no revision history'),
};
