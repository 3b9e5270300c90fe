import { type Item, pending } from '../../item.ts';

/** A set that was restored and compared, newer than the recovery point allows. */
export const item: Item = {
  n: 9,
  id: 'backups',
  title: 'Backups fresh and rehearsed',
  critical: true,
  looksAt: [],
  run: async () =>
    pending('evidence', 'no rehearsed backup set; this version does not create or restore sets'),
};
