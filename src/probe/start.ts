import { setTimeout as delay } from 'node:timers/promises';
import type { StartSeen } from '../validators/runtime/image-run.ts';
import type { Bench, RunState } from './bench.ts';
import { keepLog } from './log.ts';
import { isReady, waitedFor } from './ready.ts';
import type { RunSettings } from './settings.ts';

/** A container that was started, or was tried to. It goes with `Bench.remove`, or with the bench. */
export interface Run {
  readonly container: string;
  readonly start: StartSeen;
}

/** Milliseconds between two looks at it. */
const lookMs = 200;
/** Milliseconds after which it would have been told that it ended: a kubelet looks once a second. */
const lateMs = 5000;

/**
 * Starts a container and waits until it shows that it has started, or that it has not.
 * @param what names its log among the evidence
 * @throws Fault, as {@link Bench} says; the signal's reason
 */
export async function startRun(what: string, settings: RunSettings, bench: Bench): Promise<Run> {
  const by = waitedFor(bench, settings);
  const { container, refused } = await bench.start(settings);
  if (refused !== undefined) {
    return { container, start: failed(by, 'refused', 0, bench.redact(refused)) };
  }
  const seen = await waitUntilStarted(container, by, bench);
  const { last, kept } = await keepLog(what, container, bench);
  const start = { ...seen, ...(kept && { log: kept }) };
  if (start.works || last === '') return { container, start };
  return { container, start: { ...start, why: `${start.why}; its last line: ${last}` } };
}

async function waitUntilStarted(
  container: string,
  by: StartSeen['by'],
  bench: Bench,
): Promise<StartSeen> {
  const { clock, signal, request } = bench;
  const began = clock.monotonic();
  const passed = () => clock.monotonic() - began;
  let readyAt: number | undefined;
  for (;;) {
    const state = await bench.inspect(container);
    if (!state) return failed(by, 'ended', passed(), 'somebody removed its container');
    if (!state.running) {
      if (by === 'exit' && state.exitCode === 0) return worked(by, passed());
      return failed(by, 'ended', passed(), endText(state));
    }
    if (readyAt === undefined && (await isReady(by, container, state, bench))) readyAt = passed();
    if (readyAt !== undefined) {
      const overMs = passed() - readyAt - request.settleMs;
      if (overMs >= lateMs || (overMs >= 0 && (await bench.runsNow(container)))) {
        return worked(by, readyAt);
      }
    }
    if (readyAt === undefined && passed() >= request.readyMs) {
      return failed(by, 'not-ready', passed(), bench.redact(notReadyText(by, state, bench)));
    }
    await delay(lookMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

const worked = (by: StartSeen['by'], ms: number): StartSeen => {
  return { works: true, by, seconds: seconds(ms), why: '', failure: null };
};

const failed = (
  by: StartSeen['by'],
  failure: NonNullable<StartSeen['failure']>,
  ms: number,
  why: string,
): StartSeen => ({ works: false, by, seconds: seconds(ms), why, failure });

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

function endText({ exitCode, oomKilled, error }: RunState): string {
  if (oomKilled) return 'the kernel ended it for want of memory';
  return `it ended with exit code ${exitCode}${error === '' ? '' : ` (${error})`}`;
}

function notReadyText(by: StartSeen['by'], state: RunState, { request }: Bench): string {
  const { ready } = request;
  if (by === 'health') {
    return `its health check says ${state.health?.status ?? 'nothing'}: ${oneLine(state.health?.output ?? '')}`;
  }
  if (ready.by === 'http') {
    return `http://${state.address ?? 'its address'}:${ready.port}${ready.path} gave no answer from 200 to 399`;
  }
  return by === 'exit' ? 'it still runs' : 'its log does not have the text that was named';
}

export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 300);
