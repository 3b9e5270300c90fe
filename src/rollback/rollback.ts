import type { CheckRun } from '../core/engine.ts';
import { Fault } from '../core/fault.ts';
import { executeRollback } from './execute.ts';
import type { RollbackPlan } from './observation.ts';
import { prepareRollback } from './prepare.ts';
import type { RollbackContext, RollbackRequest } from './request.ts';

export interface RollbackSteps {
  /** Runs the rules. */
  readonly judge: (plan: RollbackPlan) => Promise<CheckRun>;
  /**
   * Asks whoever decides, whose no ends it; not called for a dry run.
   * @throws Fault `plan-stale`, `terminal-required`
   */
  readonly approve: (plan: RollbackPlan, run: CheckRun) => Promise<boolean>;
}

export interface RolledBack {
  readonly plan: RollbackPlan;
  readonly run: CheckRun;
}

/** Rules whose errors mean that going back would not arrive. Being slow is no reason to stay. */
const blocking: ReadonlySet<string> = new Set([
  'rollback/target-healthy',
  'rollback/image-available',
  'rollback/configuration-present',
  'rollback/accepted',
  'rollback/migrations-reversible',
]);

/**
 * Plans the way back and, unless that is all that was asked, takes it: one code path, so that a dry run
 * decides what the real thing does.
 * @throws Fault `usage-invalid` when a decision is missing, `plan-stale`; what preparing throws
 */
export async function rollback(
  request: RollbackRequest & { readonly dryRun: boolean },
  context: RollbackContext,
  { judge, approve }: RollbackSteps,
): Promise<RolledBack> {
  const prepared = await prepareRollback(request, context);
  const { plan } = prepared;
  const run = await judge(plan);
  if (request.dryRun || isBlocked(run)) return { plan, run };
  requireDecisions(plan, request);
  if (!(await approve(plan, run))) return { plan, run };
  const after = await executeRollback(prepared, request, context);
  return { plan: after, run: await judge(after) };
}

function isBlocked({ findings, outcomes }: CheckRun): boolean {
  return (
    findings.some(({ check, severity }) => severity === 'error' && blocking.has(check)) ||
    outcomes.some(({ check, fault }) => fault !== null && blocking.has(check))
  );
}

/** What no machine should decide, and what it was not told. */
function requireDecisions(plan: RollbackPlan, { toRevision }: RollbackRequest): void {
  const unsure = plan.workloads.find(({ target }) => target?.health !== 'healthy');
  if (unsure?.target && toRevision === undefined) {
    throw new Fault(
      'usage-invalid',
      `nothing says that revision ${unsure.target.number} of ${unsure.kind.toLowerCase()}/${unsure.name} was healthy; choose it with --to-revision`,
    );
  }
  if (plan.keepSchema) return;
  const steps = plan.migrations.flatMap((entry) => entry.steps);
  if (steps.length > 0) {
    throw new Fault(
      'usage-invalid',
      `${steps.length} migrations since then are in place; revert them first, as the plan says, or leave them with --keep-schema`,
    );
  }
  const unknown = plan.migrations.find(({ state }) => state === 'unknown');
  if (unknown) {
    throw new Fault(
      'usage-invalid',
      `migrations of ${unknown.service}: ${unknown.why}; or leave them in place with --keep-schema`,
    );
  }
}
