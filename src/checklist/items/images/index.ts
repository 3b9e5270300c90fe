import type { Item } from '../../item.ts';
import { sumUp } from '../../summed.ts';

/** What runs is what was examined: fixed references, no root, no secret, and it will start. */
export const item: Item = {
  n: 1,
  id: 'images',
  title: 'Images pinned and sane',
  critical: true,
  looksAt: ['image', 'manifestSet', 'dockerfile'],
  // An image may come from elsewhere, without a Dockerfile here.
  run: (context) => sumUp(context, 'images', item.looksAt, ['dockerfile']),
};
