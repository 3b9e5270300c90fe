import { type Item, pending } from '../../item.ts';

/** Thresholds under load, and requests that fit the quota. */
export const item: Item = {
  n: 7,
  id: 'performance',
  title: 'Performance meets its thresholds',
  critical: false,
  looksAt: [],
  run: async () =>
    pending(
      'evidence',
      'no load result for these image digests; load profiles are not run by this version',
    ),
};
