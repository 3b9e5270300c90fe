/** Names of WAL segments (PostgreSQL manual, 30.6): timeline, log and segment, eight hex digits each. */
export const isSegment = (name: string): boolean => /^[0-9A-F]{24}$/.test(name);

/** Digits of a position such as `1/7000028`. @returns undefined for anything else */
export function lsnOf(text: string): bigint | undefined {
  const match = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/.exec(text);
  return match ? (BigInt(`0x${match[1]}`) << 32n) + BigInt(`0x${match[2]}`) : undefined;
}

export const timelineOf = (segment: string): number => Number.parseInt(segment.slice(0, 8), 16);

/** Where a segment stands among those of its size, whatever its timeline. */
export function numberOf(segment: string, segmentBytes: number): number {
  const perLog = 0x1_0000_0000 / segmentBytes;
  const log = Number.parseInt(segment.slice(8, 16), 16);
  return log * perLog + Number.parseInt(segment.slice(16), 16);
}

export function segmentNamed(timeline: number, number: number, segmentBytes: number): string {
  const perLog = 0x1_0000_0000 / segmentBytes;
  const part = (value: number) => value.toString(16).toUpperCase().padStart(8, '0');
  return part(timeline) + part(Math.floor(number / perLog)) + part(number % perLog);
}

/** The newest of segments and of another one; names of one length sort as their timelines and positions. */
export function newestOf(segments: readonly string[], other: string): string {
  let newest = other;
  for (const segment of segments) if (segment > newest) newest = segment;
  return newest;
}

/** A timeline that ended, as a `.history` file lists it. */
export interface Switch {
  readonly timeline: number;
  /** Where the next one begins. */
  readonly at: bigint;
}

/** Reads a timeline history file. @returns undefined when it is none */
export function readHistory(text: string): Switch[] | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const switches: Switch[] = [];
  for (const line of lines.filter((entry) => entry !== '' && !entry.startsWith('#'))) {
    const [timeline = '', position = ''] = line.split(/\s+/);
    const at = lsnOf(position);
    if (!/^\d+$/.test(timeline) || at === undefined) return undefined;
    switches.push({ timeline: Number(timeline), at });
  }
  return switches;
}

export interface Gaps {
  /** The newest segment of the newest timeline; null when there is none. */
  readonly last: string | null;
  readonly missing: number;
  readonly examples: readonly string[];
}

const shown = 10;

/**
 * Which segments are not there, from one that a backup begins with to the newest.
 * @param history of the newest timeline; empty when that is the one the backup was made on
 */
export function gapsIn(
  segments: Iterable<string>,
  from: string,
  history: readonly Switch[],
  segmentBytes: number,
): Gaps {
  const there = new Set<string>();
  let last: string | null = null;
  for (const segment of segments) {
    there.add(segment);
    // Names of equal length: the order of text is that of timelines and then of positions.
    if (last === null || segment > last) last = segment;
  }
  if (last === null) return { last, missing: 1, examples: [from] };
  const newest = timelineOf(last);
  const first = numberOf(from, segmentBytes);
  const end = Math.max(numberOf(last, segmentBytes), first);
  const examples: string[] = [];
  let missing = 0;
  for (let number = first; number <= end; number += 1) {
    const name = segmentNamed(
      timelineAt(number, newest, history, segmentBytes),
      number,
      segmentBytes,
    );
    if (there.has(name)) continue;
    missing += 1;
    if (examples.length < shown) examples.push(name);
  }
  return { last, missing, examples };
}

/** The timeline on whose way to the newest one a segment lies. One in which it switched is of the later. */
function timelineAt(
  number: number,
  newest: number,
  history: readonly Switch[],
  segmentBytes: number,
): number {
  const past = history.find(({ at }) => number < Number(at / BigInt(segmentBytes)));
  return past?.timeline ?? newest;
}
