import type { StepRecord } from './observation.ts';
import type { SimulateContext } from './request.ts';

/** The steps of a run, told as they begin and end. */
export interface Steps {
  readonly records: readonly StepRecord[];
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
  skip(name: string): void;
}

export function createSteps({ clock, onEvent }: SimulateContext): Steps {
  const records: StepRecord[] = [];
  const end = (step: StepRecord) => {
    records.push(step);
    onEvent({ type: 'step-ended', step });
  };
  return {
    records,
    async run(name, work) {
      onEvent({ type: 'step-started', name });
      const began = clock.monotonic();
      const tookMs = () => Math.round(clock.monotonic() - began);
      try {
        const result = await work();
        end({ name, status: 'done', durationMs: tookMs() });
        return result;
      } catch (error) {
        end({ name, status: 'failed', durationMs: tookMs() });
        throw error;
      }
    },
    skip: (name) => end({ name, status: 'skipped', durationMs: 0 }),
  };
}
