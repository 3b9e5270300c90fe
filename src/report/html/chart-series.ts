import { countText, numberText } from '../quantity-text.ts';
import type { Series } from '../record-parts.ts';
import { type Html, html } from './markup.ts';
import { linear, percent, ticks } from './scale.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Columns of the plot; more points than this are thinned, which no eye can tell. */
const columns = 600;

/** Left of the plot, in percent of the figure, for the numbers of the axis. */
const gutter = 13;

/** A line plot; every plot has its own axes. */
export function seriesChart({ name, unit, points: pairs }: Series): Html {
  const points = pairs.map(([x = 0, y = 0]): Point => ({ x, y }));
  const xs = extent(points.map(({ x }) => x));
  const ys = extent([0, ...points.map(({ y }) => y)]);
  const inner = 100 - gutter;
  const scaleY = linear(ys[0], ys[1]);
  const marks = ticks(ys[0], ys[1], 4).map((value) => ({ value, y: 100 - scaleY(value) }));
  return html`<figure>
<figcaption><span class="mono">${name}</span>, ${unit === '' ? 'no unit' : unit}, ${countText(points.length, 'point')}</figcaption>
<svg class="plot" role="img" aria-label="${summary(name, points)}">${marks.map(
    ({ value, y }) =>
      html`<line class="tick" x1="${percent(gutter)}" x2="100%" y1="${percent(y * 0.9)}" y2="${percent(y * 0.9)}"/><text x="${percent(gutter - 1)}" y="${percent(y * 0.9)}" dy=".3em" text-anchor="end">${numberText(value)}</text>`,
  )}<svg x="${percent(gutter)}" y="0" width="${percent(inner)}" height="90%" viewBox="0 0 100 100" preserveAspectRatio="none">${curve(points, xs, ys)}</svg><text x="${percent(gutter)}" y="100%">${numberText(xs[0])}</text><text x="100%" y="100%" text-anchor="end">${numberText(xs[1])}</text></svg>
</figure>`;
}

function extent(values: readonly number[]): readonly [number, number] {
  // Not Math.min(...values): a long series has more values than a call may have arguments.
  return values.length === 0
    ? [0, 0]
    : [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

function curve(
  points: readonly Point[],
  xs: readonly [number, number],
  ys: readonly [number, number],
): Html | null {
  const [first] = points;
  if (!first) return null;
  const scaleX = linear(xs[0], xs[1]);
  const scaleY = linear(ys[0], ys[1]);
  const place = ({ x, y }: Point) => `${coordinate(scaleX(x))},${coordinate(100 - scaleY(y))}`;
  if (points.length === 1) {
    return html`<circle class="dot" cx="${coordinate(scaleX(first.x))}" cy="${coordinate(100 - scaleY(first.y))}" r="1.5"/>`;
  }
  return html`<polyline class="curve" points="${thin(points).map(place).join(' ')}"/>`;
}

function coordinate(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** Lowest and highest point of every column: peaks stay, what lies between them goes. */
function thin(points: readonly Point[]): readonly Point[] {
  if (points.length <= 2 * columns) return points;
  const size = points.length / columns;
  return Array.from({ length: columns }, (_, column) =>
    points.slice(Math.floor(column * size), Math.floor((column + 1) * size)),
  ).flatMap(extremes);
}

function extremes(points: readonly Point[]): Point[] {
  const [first] = points;
  if (!first) return [];
  const low = points.reduce((a, b) => (b.y < a.y ? b : a), first);
  const high = points.reduce((a, b) => (b.y > a.y ? b : a), first);
  if (low === high) return [low];
  return points.indexOf(low) < points.indexOf(high) ? [low, high] : [high, low];
}

function summary(name: string, points: readonly Point[]): string {
  const [low, high] = extent(points.map(({ y }) => y));
  return points.length === 0
    ? `${name}: no points`
    : `${name}: from ${numberText(low)} to ${numberText(high)} over ${countText(points.length, 'point')}`;
}
