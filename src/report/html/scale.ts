/** From a value to its place on a track, as a percentage between 0 and 100. */
export type Scale = (value: number) => number;

/** A linear scale over `[low, high]`; without extent everything stands at its start. */
export function linear(low: number, high: number): Scale {
  // Halves, since the span of two finite numbers may not be finite.
  const span = high / 2 - low / 2;
  return (value) =>
    span > 0 ? Math.min(100, Math.max(0, 100 * ((value / 2 - low / 2) / span))) : 0;
}

/** A percentage as an SVG length. */
export function percent(value: number): string {
  return `${Number(value.toFixed(2))}%`;
}

/** Round steps of 1, 2 or 5 times a power of ten, about `wanted` of them from `low` to `high`. */
export function ticks(low: number, high: number, wanted: number): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [low];
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => (first + index) * step);
}
