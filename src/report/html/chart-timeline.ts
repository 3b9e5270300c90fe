import type { ItemRecord } from '../../core/record.ts';
import { epoch } from '../instants.ts';
import { durationText } from '../quantity-text.ts';
import { itemMarks } from '../status-mark.ts';
import { type Html, html } from './markup.ts';
import { linear, percent, type Scale } from './scale.ts';
import { timeTicks, timeTickText } from './time-ticks.ts';
import { itemTones } from './tone.ts';

/** When each item ran: items run at once, so the bars overlap. Time counts from the first start. */
export function timelineChart(items: readonly ItemRecord[]): Html {
  const origin = Math.min(...items.map((item) => epoch(item.startedAt)));
  const end = Math.max(...items.map((item) => epoch(item.startedAt) - origin + item.durationMs));
  const scale = linear(0, end);
  const marks = timeTicks(end);
  return html`<figure>
<figcaption>When each item ran, from the start of the first</figcaption>
<ol class="rows">${items.map((item) => rowElement(item, origin, scale, marks))}
<li aria-hidden="true"><span class="label"></span><svg class="axis">${marks.map(
    (at) =>
      html`<text x="${percent(scale(at))}" y="1rem" text-anchor="${anchor(scale(at))}">${timeTickText(at)}</text>`,
  )}</svg><span class="value"></span></li></ol>
</figure>`;
}

function rowElement(
  item: ItemRecord,
  origin: number,
  scale: Scale,
  marks: readonly number[],
): Html {
  const from = epoch(item.startedAt) - origin;
  const x = scale(from);
  // A bar of no width could not be seen.
  const width = Math.max(0.4, scale(from + item.durationMs) - x);
  const { symbol } = itemMarks[item.status];
  return html`<li><span class="label">${item.n} ${item.id} <span class="quiet" aria-hidden="true">${symbol}</span></span><svg class="thin" aria-hidden="true">${marks.map(
    (at) =>
      html`<line class="tick" x1="${percent(scale(at))}" x2="${percent(scale(at))}" y1="-20%" y2="120%"/>`,
  )}<rect class="fill ${itemTones[item.status]}" x="${percent(Math.min(x, 99.6))}" y="15%" width="${percent(width)}" height="70%" rx="2"/></svg><span class="value">${durationText(item.durationMs)}</span></li>`;
}

/** Labels at the ends stay inside the track. */
function anchor(place: number): string {
  if (place < 5) return 'start';
  return place > 95 ? 'end' : 'middle';
}
