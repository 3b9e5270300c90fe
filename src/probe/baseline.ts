import { setTimeout as delay } from 'node:timers/promises';
import type { HealthSeen, ImageRun, RunTrial, StartSeen } from '../validators/runtime/image-run.ts';
import type {
  EnvironmentSeen,
  Looked,
  ProcessSeen,
  StopSeen,
  UserSeen,
} from '../validators/runtime/observation.ts';
import { type Bench, volumesOf } from './bench.ts';
import { oneLine, type Run, startRun } from './start.ts';
import { tryOnce } from './trial.ts';

/** An image as it asks to be run. */
export interface Baseline {
  readonly start: StartSeen;
  readonly health: ImageRun['health'];
  readonly process: Looked<ProcessSeen>;
  readonly users: Looked<readonly UserSeen[]>;
  readonly environment: Looked<EnvironmentSeen>;
  readonly written: Looked<readonly string[]>;
  readonly stop: Looked<StopSeen>;
  readonly secondStart: RunTrial;
}

/** Milliseconds between two looks at the health. */
const lookMs = 250;

/** Runs it, looks at it, ends it, and starts another one on the same volumes. */
export async function runBaseline(bench: Bench): Promise<Baseline> {
  bench.say('as the image asks to be run');
  const run = await startRun('as-it-is', {}, bench);
  try {
    const { start, container } = run;
    const health = await healthOf(run, bench);
    if (!start.works) return { start, health, ...notSeen('the image does not start') };
    if (start.by === 'exit') {
      const ended = notSeen('it had ended before anybody could look');
      const written = await bench.written(container);
      return { start, health, ...ended, written, secondStart: await startAgain(container, bench) };
    }
    const { process, environment } = await bench.look(container);
    const users = await bench.users(container, process);
    const written = await bench.written(container);
    bench.say('asked to end');
    const stop = await bench.stop(container);
    const secondStart = await startAgain(container, bench);
    return { start, health, process, users, environment, written, stop, secondStart };
  } finally {
    if (!bench.signal.aborted) await bench.remove(run.container);
  }
}

function notSeen(why: string) {
  const secondStart: RunTrial = {
    ...{ setting: 'second-start', tried: 'its volumes', works: null, asked: true, why },
  };
  const nothing = { why };
  return {
    ...{ process: nothing, users: nothing, environment: nothing, stop: nothing },
    ...{ written: nothing, secondStart },
  };
}

/** What waited for it knows the answer; otherwise it is waited for on its own. */
async function healthOf({ start, container }: Run, bench: Bench): Promise<ImageRun['health']> {
  const { clock, signal, request, image, redact } = bench;
  if ('why' in image.config) return image.config;
  if (!image.config.seen.hasHealthCheck) return null;
  if (start.works && start.by === 'health') {
    return { seen: { healthy: true, seconds: start.seconds, said: '' } };
  }
  const began = clock.monotonic();
  for (;;) {
    const state = await bench.inspect(container);
    if (!state?.running) return { why: 'it did not run long enough to be asked' };
    if (!state.health) return { why: 'it is asked otherwise whether it is ready' };
    const seconds = start.seconds + Math.round((clock.monotonic() - began) / 100) / 10;
    const seen = (healthy: boolean): Looked<HealthSeen> => {
      return { seen: { healthy, seconds, said: redact(oneLine(state.health?.output ?? '')) } };
    };
    if (state.health?.status === 'healthy') return seen(true);
    if (seconds * 1000 >= request.readyMs) return seen(false);
    await delay(lookMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function startAgain(container: string, bench: Bench): Promise<RunTrial> {
  const volumes = volumesOf(bench);
  const { config } = bench.image;
  const setting = 'second-start';
  if (volumes.length === 0) {
    if ('why' in config) return { setting, tried: '', works: null, why: config.why, asked: true };
    const why = 'the image has no volume, and --volume names none';
    return { setting, tried: '', works: null, why, asked: false };
  }
  const tried = volumes.join(', ');
  const why = bench.cannot[setting];
  if (why !== undefined) return { setting, tried, works: null, why, asked: true };
  bench.say(`again on ${tried}`);
  const outcome = await tryOnce('second-start', { volumesFrom: container }, bench);
  return { setting, tried, asked: true, ...outcome };
}
