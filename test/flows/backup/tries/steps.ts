import { setTimeout as delay } from 'node:timers/promises';
import type { Running } from '../../../e2e/running.ts';

/** A command, and what its steps are called: as it says it, and apart from each other. */
export interface Work {
  readonly name: 'create' | 'rehearse' | 'restore';
  readonly steps: readonly (readonly [said: string, name: string])[];
}

const same = (...names: readonly string[]) => names.map((name) => [name, name] as const);

/** Every step that the records of these commands name, in order. */
export const works: readonly Work[] = [
  {
    name: 'create',
    steps: same('places', 'dump', 'references', 'globals', 'bucket invoices', 'publish'),
  },
  {
    name: 'rehearse',
    steps: [
      ...same('scratch database', 'environment', 'unpack', 'restore database'),
      ['compare', 'compare database'],
      ...same('scratch bucket', 'restore bucket'),
      ['compare', 'compare bucket'],
    ],
  },
  {
    name: 'restore',
    steps: [
      ...same('database beside', 'restore bucket'),
      ['compare', 'compare bucket'],
      ...same('unpack', 'restore database'),
      ['compare', 'compare database'],
      ['switch', 'switch'],
    ],
  },
];

const pollMs = 4;
const ended = 'ended';

/** How many steps are over, by what the program has said. */
export function stepsDone({ steps }: Work, said: string): number {
  let done = 0;
  for (const line of said.split('\n')) {
    if (line.startsWith(`{"event":"done","step":"${steps[done]?.[0]}"`)) done += 1;
  }
  return done;
}

/** Waits until so many steps are over. @returns whether the program still runs */
async function untilStep(work: Work, running: Running, count: number): Promise<boolean> {
  const over = running.ended.then(() => ended);
  while (stepsDone(work, running.said()) < count) {
    if ((await Promise.race([over, delay(pollMs)])) === ended) return false;
  }
  return true;
}

/**
 * How long each step takes, and at the end what comes after the last; the first has the start of the
 * program in it.
 * @returns milliseconds
 * @throws Error when it does not end well, or its steps are others
 */
export async function durations(work: Work, running: Running): Promise<readonly number[]> {
  let before = performance.now();
  const taken: number[] = [];
  const took = () => {
    const now = performance.now();
    taken.push(now - before);
    before = now;
  };
  for (let count = 1; count <= work.steps.length; count += 1) {
    await untilStep(work, running, count);
    took();
  }
  const { exitCode, stderr } = await running.ended;
  took();
  const said = stepsDone(work, stderr);
  if (exitCode === 0 && said === work.steps.length) return taken;
  throw new Error(`${work.name} ended ${exitCode} after ${said} steps:\n${stderr}`);
}

/** Waits for a random moment of a step. @returns whether the program still runs */
export async function momentOf(
  work: Work,
  running: Running,
  step: number,
  withinMs: number,
): Promise<boolean> {
  if (!(await untilStep(work, running, step))) return false;
  return (await Promise.race([running.ended.then(() => ended), delay(withinMs)])) !== ended;
}
