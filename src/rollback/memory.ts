import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../core/fault.ts';
import { type RunHome, runFiles } from '../core/run-folder.ts';
import { chainOf, readRun, type StoredRun } from '../core/run-store.ts';
import { listAt, partAt, stringAt } from '../validators/manifest/read.ts';
import type { Proof } from './history.ts';

/** Name of the plan among the evidence of a run. */
const planFile = 'rollback-plan.json';
/** Runs that are looked at, newest first. */
const lookedAt = 100;

/**
 * The plans of kept runs, newest first, as they were written: nothing is promised about their shape. A
 * run that was altered proves nothing and is left out.
 */
export async function keptPlans(home: RunHome): Promise<unknown[]> {
  const { entries } = await chainOf(home);
  const named = entries.filter(
    ({ command, signoff }) => signoff === undefined && /^(rollback|checklist)\b/.test(command),
  );
  const plans: unknown[] = [];
  for (const { run } of named.slice(-lookedAt).reverse()) {
    try {
      const plan = await planOf(await readRun(home, run));
      if (plan !== undefined) plans.push(plan);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }
  return plans;
}

/** `rollback` keeps its plan in the record, the checklist beside it as evidence. */
async function planOf({ record, folder }: StoredRun): Promise<unknown> {
  if (record.data.rollback !== undefined) return record.data.rollback;
  const file = join(folder, runFiles.evidence, planFile);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

/** What the plans saw healthy on a server: what ran then, and what they went back to. */
export function proofsOf(plans: readonly unknown[], server: string): Proof[] {
  return plans.flatMap((plan) => {
    if (stringAt(plan, 'cluster', 'server') !== server) return [];
    const seenAt = stringAt(plan, 'takenAt') ?? '';
    return listAt(plan, 'workloads').flatMap((workload) => {
      const uid = stringAt(workload, 'uid') ?? '';
      const proof = (revision: unknown): Proof => ({
        workload: uid,
        template: stringAt(revision, 'template') ?? '',
        seenAt,
      });
      const healthy = listAt(workload, 'revisions').filter(
        (revision) => stringAt(revision, 'health') === 'healthy',
      );
      const back = listAt(plan, 'executions').some(
        (execution) =>
          stringAt(execution, 'name') === stringAt(workload, 'name') &&
          stringAt(execution, 'kind') === stringAt(workload, 'kind') &&
          stringAt(execution, 'outcome') === 'healthy',
      );
      return [...healthy.map(proof), ...(back ? [proof(partAt(workload, 'target'))] : [])];
    });
  });
}
