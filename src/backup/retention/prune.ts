import { Fault } from '../../core/fault.ts';
import type { Repository } from '../repository.ts';
import { setFiles, setKey } from '../set-id.ts';
import type { RepositoryRef } from '../sources.ts';
import { type BackupSystems, type StepRecord, startSteps } from '../systems.ts';
import { claimRepository, type PruneClaim } from './claims.ts';
import { type Erased, eraseRetired } from './erase.ts';
import { type LeftAlone, type ProvenSet, takeInventory } from './inventory.ts';
import { type PrunePlan, type PruneRules, planPrune } from './plan.ts';
import { noteRetired, retireSet } from './tombstones.ts';

export interface Pruned {
  /** As it was when the prune began. */
  readonly plan: PrunePlan;
  /** Null for a dry run. */
  readonly done: (Erased & { readonly retired: readonly string[] }) | null;
  readonly steps: readonly StepRecord[];
}

/** Says what a prune would do. Writes nothing. */
export async function lookAtPrune(
  repository: Repository,
  rules: PruneRules,
  { clock, signal }: Pick<BackupSystems, 'clock' | 'signal'>,
): Promise<Pruned> {
  const plan = planPrune(await takeInventory(repository, signal), rules, clock.now());
  return { plan, done: null, steps: [] };
}

/**
 * Ends the sets that nothing keeps, and removes the data of those that were ended long enough ago. It
 * may break off anywhere: the repository can be read, and the next prune goes on.
 * @throws Fault `prune-running`, `repository-*`, `objects-*`
 */
export async function prune(
  repository: Repository,
  ref: RepositoryRef,
  rules: PruneRules,
  systems: BackupSystems,
): Promise<Pruned> {
  const { clock, signal, toolVersion } = systems;
  const steps = startSteps(systems);
  const claim = await steps.run('claim', () => claimRepository(repository, ref, systems));
  const plan = await steps.run('look', async () =>
    planPrune(await takeInventory(repository, signal), rules, clock.now()),
  );
  const retired: string[] = [];
  const retire = async (of: { readonly set: string; readonly digest: string | null }) => {
    claim.holds();
    await retireSet(repository, of, { now: clock.now(), toolVersion }, signal);
    retired.push(of.set);
  };
  await steps.run('end sets', async () => {
    for (const { of, keep } of plan.decisions) {
      if (keep) continue;
      await requireKept(plan, of, repository, signal);
      await retire(of);
    }
    for (const { set } of plan.abandoned) await retire({ set, digest: null });
    for (const { set, retiredAt } of plan.waiting) {
      if (retiredAt === null) await noteRetired(repository, set, clock.now(), signal);
    }
  });
  const erased = await steps.run('remove data', () => erase(repository, rules, claim, systems));
  return { plan, done: { ...erased, retired }, steps: steps.records };
}

/** Looked at once more, for what was ended now has an end of its own. */
async function erase(
  repository: Repository,
  rules: PruneRules,
  claim: PruneClaim,
  { clock, signal, onEvent }: BackupSystems,
): Promise<Erased> {
  const inventory = await takeInventory(repository, signal);
  const plan = planPrune(inventory, rules, clock.now());
  const live = [
    ...inventory.sets.map(({ manifest }) => manifest),
    // Theirs may be in use by a restore that began before.
    ...plan.waiting.flatMap(({ manifest }) => (manifest ? [manifest] : [])),
  ];
  return eraseRetired(repository, { ...plan, live }, claim, { signal, onEvent });
}

/** What this set's end rests on is still there. */
async function requireKept(
  { decisions }: PrunePlan,
  { group }: ProvenSet,
  repository: Repository,
  signal: AbortSignal,
): Promise<void> {
  const pillars = decisions.filter(
    ({ of, reasons }) =>
      of.group === group && (reasons.includes('newest') || reasons.includes('newest rehearsed')),
  );
  for (const { of } of pillars) {
    if (await repository.stat(setKey(of.set, setFiles.manifest), signal)) continue;
    throw new Fault('repository-unreadable', `${of.set} was removed by somebody meanwhile`);
  }
}

/** What keeps a prune from having looked at everything: nothing of it is removed. */
export function leftAloneBy({ plan, done }: Pruned): readonly LeftAlone[] {
  return [...plan.notExamined, ...(done?.notExamined ?? [])];
}
