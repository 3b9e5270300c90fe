import type { Looked, StopSeen } from '../../validators/runtime/observation.ts';
import type { Yard } from './yard.ts';

/** Exit code of a process that SIGKILL ended (128 + 9). */
const killedCode = 137;
/** Seconds by which the clocks of two machines may differ, and for the way to the engine. */
const toleranceSeconds = 1;
/** Milliseconds beyond its grace that a container may take to be gone. */
const marginMs = 30_000;

/** Asks a container to end, as an engine and a kubelet do: its stop signal, and SIGKILL after its grace. */
export async function stopContainer(container: string, yard: Yard): Promise<Looked<StopSeen>> {
  const { engine, clock, signal, request } = yard;
  const { graceSeconds } = request;
  const deadline = AbortSignal.timeout(graceSeconds * 1000 + marginMs);
  const began = clock.monotonic();
  try {
    await engine.stop(container, graceSeconds, AbortSignal.any([signal, deadline]));
  } catch (error) {
    signal.throwIfAborted();
    if (!deadline.aborted) throw error;
    return { why: `it was not gone ${marginMs / 1000} s after its grace of ${graceSeconds} s` };
  }
  const seconds = Math.round((clock.monotonic() - began) / 100) / 10;
  const state = await engine.inspect(container, signal);
  if (!state) return { why: 'somebody removed its container' };
  const late = seconds >= graceSeconds - toleranceSeconds;
  const killed = late && state.exitCode === killedCode;
  return { seen: { graceSeconds, seconds, exitCode: state.exitCode, killed } };
}
