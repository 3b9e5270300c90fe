import type { Answered } from './apply.ts';
import { inWaves } from './order.ts';
import type { PlannedObject } from './plan.ts';
import type { WaitResult } from './wait.ts';

/**
 * Applies one object after the other, and goes on when what was applied is ready: for environments that
 * do not take everything at once. What is refused, or does not become ready, ends it.
 */
export async function applyInTurn(
  objects: readonly PlannedObject[],
  apply: (some: readonly PlannedObject[]) => Promise<Answered>,
  waiting: (answered: Answered) => Promise<WaitResult>,
): Promise<Answered> {
  const all: Answered[] = [];
  for (const planned of inWaves(objects).flat()) {
    const answered = await apply([planned]);
    all.push(answered);
    if (answered.refusals.length > 0) break;
    if ((await waiting(answered)).ended !== 'ready') break;
  }
  return {
    accepted: all.flatMap(({ accepted }) => accepted),
    refusals: all.flatMap(({ refusals }) => refusals),
    warnings: all.flatMap(({ warnings }) => warnings),
  };
}
