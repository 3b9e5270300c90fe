import type { Check, Example } from '../../core/check.ts';
import { type CheckRun, runChecks } from '../../core/engine.ts';
import { isRecord } from '../../validators/manifest/read.ts';
import type { RollbackPlan } from '../observation.ts';
import { healthyExecution, healthyPlan } from './healthy-plan.ts';

/** The healthy plan with the parts given; an entry of a list says what differs from the healthy one. */
export function planWith(part: unknown): RollbackPlan {
  const base = { ...healthyPlan, executions: [healthyExecution] };
  const merged = merge(base, part);
  const executions = isRecord(part) && Array.isArray(part.executions) ? merged.executions : null;
  return { ...merged, executions };
}

function merge<T>(base: T, part: unknown): T;
function merge(base: unknown, part: unknown): unknown {
  if (part === undefined) return base;
  if (Array.isArray(base) && Array.isArray(part)) {
    return part.map((entry: unknown, at) => merge(base[at] ?? base[0], entry));
  }
  if (!isRecord(base) || !isRecord(part)) return part;
  const keys = new Set([...Object.keys(base), ...Object.keys(part)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(base[key], part[key])]));
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
