import type { Item } from '../../item.ts';
import { sumUp } from '../../summed.ts';

/** A set that was restored and compared, newer than the recovery point allows. */
export const item: Item = {
  n: 9,
  id: 'backups',
  title: 'Backups fresh and rehearsed',
  critical: true,
  looksAt: ['backupSet'],
  run: (context) => sumUp(context, 'backups', item.looksAt),
};
