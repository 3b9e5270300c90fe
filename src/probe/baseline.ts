import { setTimeout as delay } from 'node:timers/promises';
import type { HealthSeen, ImageRun, RunTrial, StartSeen } from '../validators/runtime/image-run.ts';
import type {
  EnvironmentSeen,
  Looked,
  ProcessSeen,
  StopSeen,
  UserSeen,
} from '../validators/runtime/observation.ts';
import type { Bench } from './bench.ts';
import { lookAtProcess, lookAtUsers } from './look.ts';
import { oneLine, type Run, removeRun, startRun } from './start.ts';
import { stopRun } from './stop.ts';
import { tryOnce } from './trial.ts';
import { writtenPaths } from './writable.ts';

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
      const written = await writtenBy(container, bench);
      return { start, health, ...ended, written, secondStart: await startAgain(container, bench) };
    }
    const { process, environment } = await lookAtProcess(container, bench);
    const users = await lookAtUsers(container, process, bench);
    const written = await writtenBy(container, bench);
    bench.say('asked to end');
    const stop = await stopRun(container, bench);
    const secondStart = await startAgain(container, bench);
    return { start, health, process, users, environment, written, stop, secondStart };
  } finally {
    if (!bench.signal.aborted) await removeRun(run, bench);
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
  const { engine, clock, signal, request, image, redact } = bench;
  if (!image.config.healthcheck) return null;
  if (start.works && start.by === 'health') {
    return { seen: { healthy: true, seconds: start.seconds, said: '' } };
  }
  const began = clock.monotonic();
  for (;;) {
    const state = await engine.inspect(container, signal);
    if (!state?.running) return { why: 'it did not run long enough to be asked' };
    const seconds = start.seconds + Math.round((clock.monotonic() - began) / 100) / 10;
    const seen = (healthy: boolean): Looked<HealthSeen> => {
      return { seen: { healthy, seconds, said: redact(oneLine(state.health?.output ?? '')) } };
    };
    if (state.health?.status === 'healthy') return seen(true);
    if (seconds * 1000 >= request.readyMs) return seen(false);
    await delay(lookMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function writtenBy(
  container: string,
  { engine, signal, request, image }: Bench,
): Promise<Looked<readonly string[]>> {
  const changes = await engine.changes(container, signal);
  if (!changes) return { why: 'somebody removed its container' };
  const mounted = [...request.tmpfs, ...request.volumes, ...image.config.volumes];
  return { seen: writtenPaths(changes, mounted) };
}

async function startAgain(container: string, bench: Bench): Promise<RunTrial> {
  const volumes = [...new Set([...bench.image.config.volumes, ...bench.request.volumes])];
  const setting = 'second-start';
  if (volumes.length === 0) {
    const why = 'the image has no volume, and --volume names none';
    return { setting, tried: '', works: null, why, asked: false };
  }
  bench.say(`again on ${volumes.join(', ')}`);
  const tried = await tryOnce('second-start', { volumesFrom: container }, bench);
  return { setting, tried: volumes.join(', '), asked: true, ...tried };
}
