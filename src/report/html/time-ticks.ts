const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Steps that people count time in; milliseconds. */
const steps: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 6, 12, 24].map((count) => count * hour),
];

/** At most this many marks fit beside each other on a phone. */
const most = 5;

/** Marks from 0 to `end` milliseconds; an absurdly long time gets only its two ends. */
export function timeTicks(end: number): number[] {
  const step = steps.find((candidate) => end / candidate < most) ?? end;
  if (!(step > 0)) return [0];
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

/** The coarsest unit that says it exactly: `0`, `500 ms`, `15 s`, `2 min`, `6 h`. */
export function timeTickText(milliseconds: number): string {
  if (milliseconds === 0) return '0';
  if (milliseconds % hour === 0) return `${milliseconds / hour} h`;
  if (milliseconds % minute === 0) return `${milliseconds / minute} min`;
  if (milliseconds % second === 0) return `${milliseconds / second} s`;
  return `${milliseconds} ms`;
}
