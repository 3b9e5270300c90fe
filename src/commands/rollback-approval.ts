import { isDigest } from '../core/digest.ts';
import { Fault } from '../core/fault.ts';
import { changesBetween } from '../rollback/decision.ts';
import type { RollbackPlan } from '../rollback/observation.ts';
import type { BareContext } from './base.ts';

/** Milliseconds that an agreement to a plan holds. */
const freshMs = 10 * 60_000;

/**
 * A person at the terminal, or the digest of a dry run that somebody has read.
 * @param kept plans of earlier runs, newest first
 */
export function approver(
  { adapters, signal }: Pick<BareContext, 'adapters' | 'signal'>,
  yes: string | undefined,
  kept: readonly unknown[],
  show: (plan: RollbackPlan) => void,
): (plan: RollbackPlan) => Promise<boolean> {
  return async (plan) => {
    if (yes !== undefined) {
      requireFresh(plan, yes, kept, adapters.clock.now());
      return true;
    }
    const prompt = await adapters.prompt();
    show(plan);
    const { server } = plan.cluster;
    return prompt.confirm(
      `Change ${plan.name} in ${plan.source} on ${server} now?`,
      '--yes DIGEST',
      signal,
    );
  };
}

/** @throws Fault `usage-invalid`, `plan-stale` */
export function requireFresh(
  plan: RollbackPlan,
  yes: string,
  kept: readonly unknown[],
  now: Date,
): void {
  if (!isDigest(yes)) {
    throw new Fault(
      'usage-invalid',
      `--yes ${yes}: expected the digest that a dry run prints, sha256:…`,
    );
  }
  const agreed = kept.filter(isPlan).find((entry) => entry.decision === yes && !entry.executions);
  if (!agreed) {
    throw new Fault('usage-invalid', `--yes ${yes}: no dry run of that digest is kept here`);
  }
  const age = now.getTime() - Date.parse(agreed.takenAt);
  if (age > freshMs || age < 0) {
    throw new Fault(
      'plan-stale',
      `the dry run agreed to is of ${agreed.takenAt}, more than 10 minutes ago; nothing was written`,
    );
  }
  if (plan.decision === yes) return;
  const changed = changesBetween(agreed, plan).join(', ') || 'the plan';
  throw new Fault(
    'plan-stale',
    `changed since the dry run agreed to: ${changed}; nothing was written`,
  );
}

/** Whether this version wrote it. */
function isPlan(value: unknown): value is RollbackPlan {
  return (
    value !== null &&
    typeof value === 'object' &&
    'kind' in value &&
    value.kind === 'rollbackPlan' &&
    'decision' in value &&
    'workloads' in value &&
    Array.isArray(value.workloads) &&
    'migrations' in value &&
    Array.isArray(value.migrations)
  );
}
