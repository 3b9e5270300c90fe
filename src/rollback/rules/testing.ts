import type { Check, Example } from '../../core/check.ts';
import { type CheckRun, runChecks } from '../../core/engine.ts';
import { merged } from '../../migrations/rules/testing.ts';
import { isRecord } from '../../validators/manifest/read.ts';
import type { RollbackPlan } from '../observation.ts';
import { healthyExecution, healthyPlan } from './healthy-plan.ts';

/** The healthy plan with the parts given; an entry of a list says what differs from the healthy one. */
export function planWith(part: unknown): RollbackPlan {
  const base = { ...healthyPlan, executions: [healthyExecution] };
  // The examples are ours, and the rules that read them are what is tested.
  const plan = merged(base, part) as typeof base;
  const executions = isRecord(part) && Array.isArray(part.executions) ? plan.executions : null;
  return { ...plan, executions };
}

export async function targetOfExample(example: Example): Promise<RollbackPlan> {
  return planWith(JSON.parse(example.text));
}

/** Runs one rule through the engine over the healthy plan with the parts given. */
async function examine(check: Check<RollbackPlan>, part: unknown): Promise<CheckRun> {
  return runChecks({
    checks: [check],
    targets: [planWith(part)],
    signal: new AbortController().signal,
    clock: { now: () => new Date(0), monotonic: () => 0 },
    evidence: { add: () => Promise.reject(new Error('these rules leave no evidence')) },
  });
}

/** What the tests compare. */
export async function said(check: Check<RollbackPlan>, part: unknown) {
  const { findings, outcomes, notExamined } = await examine(check, part);
  return {
    ids: findings.map(({ messageId, severity }) => `${messageId}:${severity}`),
    messages: findings.map(({ message }) => message),
    outcome: outcomes[0]?.outcome,
    fault: outcomes[0]?.fault?.code,
    open: notExamined.map(({ what, why }) => `${what}: ${why}`),
  };
}
