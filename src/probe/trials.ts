import type { RunTrial } from '../validators/runtime/image-run.ts';
import type { LimitsSeen, Looked } from '../validators/runtime/observation.ts';
import type { Bench } from './bench.ts';
import { tryOnce } from './trial.ts';

/** Whether it starts with nothing but its own loopback. */
export async function tryWithoutNetwork(bench: Bench): Promise<RunTrial> {
  const setting = 'no-network';
  if (bench.request.network === 'none') {
    const why = '--network none has it run without one anyway';
    return { setting, tried: 'no network', works: null, why, asked: false };
  }
  const why = bench.cannot[setting];
  if (why !== undefined) return { setting, tried: 'no network', works: null, why, asked: true };
  bench.say('without a network');
  const tried = await tryOnce(setting, { noNetwork: true }, bench);
  return { setting, tried: 'no network', asked: true, ...tried };
}

export interface MemoryTried {
  readonly trial: RunTrial;
  /** What was asked for, beside what the control group has. */
  readonly limits: Looked<LimitsSeen>;
}

const setting = 'memory-limit';
const noCpu = { declared: null, inForce: null };

/** Whether it starts within the memory it is to be given. */
export async function tryMemory(bench: Bench): Promise<MemoryTried> {
  const { memory } = bench.request;
  if (memory === null) {
    const trial = { setting, tried: '', works: null, why: '--memory names no limit', asked: false };
    const none = { declared: null, inForce: null };
    return { trial: { ...trial, setting }, limits: { seen: { memory: none, cpu: noCpu } } };
  }
  const tried = `${Math.round(memory / 1024 / 1024)} MiB`;
  bench.say(`with ${tried} of memory`);
  let limits: Looked<LimitsSeen> = { why: `it did not run with ${tried} of memory` };
  const outcome = await tryOnce(setting, { memory }, bench, async ({ container }) => {
    limits = await bench.limits(container, memory);
  });
  return { trial: { setting, tried, asked: true, ...outcome }, limits };
}
