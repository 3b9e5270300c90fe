import { availableParallelism, cpus } from 'node:os';

/** One figure: two sides measured in the same run, on the same input. */
export interface Row {
  readonly what: string;
  readonly against: string;
  /** Ours to theirs, of times. */
  readonly ratio: number;
  /** At most; null where nobody has set one. */
  readonly goal: number | null;
  readonly detail: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Seconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

export interface Pair {
  readonly what: string;
  readonly against: string;
  /** At most; null where nobody has set one. Some depend on the seconds of the other side. */
  readonly goal: number | null | ((theirs: number) => number);
  /** What both sides work on, in a few words. */
  readonly on: string;
  readonly rounds: number;
  /** Each gives its seconds. */
  ours(): Promise<number>;
  theirs(): Promise<number>;
}

/** Interleaved, so that a busy moment of the machine hits both sides. */
export async function compare(pair: Pair): Promise<Row> {
  const { what, against, goal, on, rounds } = pair;
  const own: number[] = [];
  const other: number[] = [];
  for (let round = 0; round < rounds; round++) {
    own.push(await pair.ours());
    other.push(await pair.theirs());
  }
  const [left, right] = [median(own), median(other)];
  const detail = `${left.toFixed(2)} s to ${right.toFixed(2)} s, median of ${rounds} pairs; ${on}`;
  const aim = typeof goal === 'function' ? goal(right) : goal;
  return { what, against, goal: aim, ratio: left / right, detail };
}

/** What one run of a part gave. */
export interface Measured {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly commit: string;
  /** What it ran on, in words. */
  readonly machine: string;
  readonly rows: readonly Row[];
}

export const machine = (): string => {
  const [cpu] = cpus();
  return `Node ${process.versions.node} on ${availableParallelism()} cores (${cpu?.model.trim()})`;
};

/** @param parts by name, in their order */
export function page(parts: Readonly<Record<string, Measured>>): string {
  return [
    '# Benchmarks',
    '',
    '`npm run bench` measures these and writes this page. Every figure is a ratio: both sides were',
    'measured in the same run, on the same input. A row without a goal is there to be compared with.',
    ...Object.entries(parts).flatMap(([name, measured]) => section(name, measured)),
    '',
  ].join('\n');
}

function section(name: string, { at, commit, machine: on, rows }: Measured): string[] {
  return [
    '',
    `## ${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
    '',
    `${at.slice(0, 10)}, commit ${commit}, ${on}.`,
    '',
    '| what | against | ratio | goal | met | detail |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(({ what, against, ratio, goal, detail }) => {
      const met = goal === null ? '' : ratio <= goal ? 'yes' : 'no';
      const aim = goal === null ? '' : `≤ ${Number(goal.toFixed(2))}`;
      return `| ${what} | ${against} | ${ratio.toFixed(2)} | ${aim} | ${met} | ${detail} |`;
    }),
  ];
}
