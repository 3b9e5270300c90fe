import type { Item } from '../../item.ts';
import { sumUp } from '../../summed.ts';

/** Up and down were tried on real rows before anybody needs them. */
export const item: Item = {
  n: 8,
  id: 'migrations',
  title: 'Migrations safe both ways',
  critical: true,
  looksAt: ['migrationSet', 'migrationRehearsal'],
  run: (context) => sumUp(context, 'migrations', item.looksAt),
};
