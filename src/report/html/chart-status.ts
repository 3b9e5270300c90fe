import type { ItemRecord } from '../../core/record.ts';
import { itemMarks, itemStatuses } from '../status-mark.ts';
import { type Html, html } from './markup.ts';
import { percent } from './scale.ts';
import { itemTones, mark } from './tone.ts';

/** One bar of all items, a part for each status; the legend names the parts in the same order. */
export function statusChart(items: readonly ItemRecord[]): Html {
  const parts = itemStatuses
    .toReversed()
    .map((status) => ({ status, count: items.filter((item) => item.status === status).length }))
    .filter(({ count }) => count > 0);
  const share = 100 / items.length;
  let before = 0;
  const bars = parts.map(({ status, count }) => {
    const x = before * share;
    before += count;
    // The gap keeps neighbours of one tone apart.
    return html`<rect class="fill ${itemTones[status]}" x="${percent(x + 0.2)}" y="0" width="${percent(count * share - 0.4)}" height="100%" rx="3"/>`;
  });
  return html`<figure>
<svg class="stack" aria-hidden="true">${bars}</svg>
<ul class="legend" aria-label="Items by status">${parts.map(
    ({ status, count }) => html`<li>${mark(itemTones[status], itemMarks[status])} ${count}</li>`,
  )}</ul>
</figure>`;
}
