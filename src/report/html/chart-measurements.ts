import { measureText } from '../quantity-text.ts';
import type { Measurement } from '../record-parts.ts';
import { type Html, html } from './markup.ts';
import { linear, percent } from './scale.ts';

/** Room beyond the largest value, so that no mark sits on the edge. */
const headroom = 1.08;

/**
 * Each value as a bar, its interval as a whisker, its limit as a dashed mark. All bars have one
 * colour: a record does not say on which side of its limit a value is good.
 */
export function measurementsChart(measurements: readonly Measurement[]): Html {
  return html`<figure>
<figcaption>Bar: value. Thin line: interval. Dashed mark: limit.</figcaption>
<ol class="rows">${measurements.map(rowElement)}</ol>
</figure>`;
}

function rowElement(measurement: Measurement): Html {
  const { name, value, unit, limit, low, high, source } = measurement;
  const known = [0, value, limit, low, high].filter((entry) => entry !== null);
  const scale = linear(Math.min(...known), Math.max(...known) * headroom);
  const zero = scale(0);
  const at = scale(value);
  const bar = html`<rect class="fill neutral" x="${percent(Math.min(zero, at))}" y="28%" width="${percent(Math.abs(at - zero))}" height="44%" rx="2"/>`;
  const whisker =
    low === null || high === null
      ? null
      : html`<line class="whisker" x1="${percent(scale(low))}" x2="${percent(scale(high))}" y1="50%" y2="50%"/>${[
          low,
          high,
        ].map(
          (end) =>
            html`<line class="whisker" x1="${percent(scale(end))}" x2="${percent(scale(end))}" y1="38%" y2="62%"/>`,
        )}`;
  const mark =
    limit === null
      ? null
      : html`<line class="limit" x1="${percent(scale(limit))}" x2="${percent(scale(limit))}" y1="8%" y2="92%"/>`;
  return html`<li><span class="label"><span class="mono">${name}</span><br><span class="quiet">${source}</span></span><svg class="tall" aria-hidden="true"><rect class="track" x="0" y="28%" width="100%" height="44%" rx="2"/>${bar}${whisker}${mark}</svg><span class="value">${measureText(value, unit)}<br><span class="quiet">${noteText(measurement)}</span></span></li>`;
}

function noteText({ limit, low, high, unit }: Measurement): string {
  const interval =
    low === null || high === null ? '' : `${measureText(low, '')} to ${measureText(high, unit)}, `;
  return `${interval}${limit === null ? 'no limit' : `limit ${measureText(limit, unit)}`}`;
}
