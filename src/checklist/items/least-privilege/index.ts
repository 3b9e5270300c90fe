import type { Item } from '../../item.ts';
import { sumUp } from '../../summed.ts';

/** Pods, roles and files give an intruder nothing more than the release needs. */
export const item: Item = {
  n: 5,
  id: 'least-privilege',
  title: 'Least privilege, no secrets in the open',
  critical: true,
  looksAt: ['manifestSet', 'fileSet'],
  run: (context) => sumUp(context, 'least-privilege', item.looksAt),
};
