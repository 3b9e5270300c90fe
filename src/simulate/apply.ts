import type { Kube, KubeObject, Written } from '../adapters/kube/kube.ts';
import { concurrently } from '../core/concurrently.ts';
import type { ObjectId, Refusal } from './observation.ts';
import { inWaves } from './order.ts';
import type { PlannedObject } from './plan.ts';

const atOnce = 8;

export interface Accepted {
  readonly planned: PlannedObject;
  /** As the server has it, defaults filled in. */
  readonly object: KubeObject;
}

export interface Answered {
  readonly accepted: readonly Accepted[];
  readonly refusals: readonly Refusal[];
  readonly warnings: readonly { readonly object: ObjectId; readonly message: string }[];
}

export interface ApplyOptions {
  readonly during: Refusal['during'];
  readonly fieldManager: string;
}

/** Sends objects wave by wave; a dry run has no order. */
export async function send(
  kube: Kube,
  objects: readonly PlannedObject[],
  { during, fieldManager }: ApplyOptions,
  signal: AbortSignal,
): Promise<Answered> {
  const dryRun = during === 'dry-run';
  const answers: { planned: PlannedObject; written: Written }[] = [];
  for (const wave of dryRun ? [objects] : inWaves(objects)) {
    answers.push(
      ...(await concurrently(wave, atOnce, async (planned) => ({
        planned,
        written: await kube.apply(planned.object, { dryRun, fieldManager, force: true }, signal),
      }))),
    );
  }
  return {
    accepted: answers.flatMap(({ planned, written }) =>
      written.outcome === 'ok' ? [{ planned, object: written.object }] : [],
    ),
    refusals: answers.flatMap(({ planned, written }): Refusal[] => {
      if (written.outcome === 'ok') return [];
      const { code, message, causes } = written.status;
      // To a field that the schema does not have the server answers 500, without a reason.
      const reason = schemaMismatch.test(message) ? 'Invalid' : written.status.reason;
      const fields = causes.map((cause) => `${cause.field}: ${cause.message}`).join('; ');
      const said = withoutPlace(message || fields);
      return [{ object: planned.id, during, code, reason, message: said }];
    }),
    warnings: answers.flatMap(({ planned, written }) =>
      written.warnings.map((message) => ({ object: planned.id, message })),
    ),
  };
}

/** A field that the schema does not have: the server names the object as it is called in the sandbox. */
const schemaMismatch = /^failed to create typed patch object \([^)]*\): /;

const withoutPlace = (message: string): string => message.replace(schemaMismatch, '');
