import type { Item } from '../item.ts';
import { items } from './registry.ts';

/** The twelve items in the order of the checklist. */
export const orderedItems: readonly Item[] = items.toSorted((a, b) => a.n - b.n);
