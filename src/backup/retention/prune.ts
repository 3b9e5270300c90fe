import { Fault } from '../../core/fault.ts';
import { holdLease } from '../repository/lease.ts';
import type { Repository } from '../repository/repository.ts';
import { setFiles, setKey } from '../set/set-id.ts';
import { type BackupSystems, type StepRecord, startSteps } from '../systems.ts';
import { type Erased, eraseRetired, type Working } from './erase.ts';
import { type LeftAlone, type ProvenSet, takeInventory } from './inventory.ts';
import { type PrunePlan, type PruneRules, planPrune } from './plan.ts';
import { announcing, forgetSettled } from './removals.ts';
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
  const inventory = await takeInventory(repository, signal, rules.distrusted);
  const plan = planPrune(inventory, rules, clock.now());
  return { plan, done: null, steps: [] };
}

/**
 * Ends the sets that nothing keeps, and removes the data of those that were ended long enough ago. It
 * may break off anywhere: the repository can be read, and the next prune goes on.
 * @throws Fault `repository-locked`, `lease-lost`, `repository-*`, `objects-*`
 */
export async function prune(
  repository: Repository,
  rules: PruneRules,
  systems: BackupSystems,
): Promise<Pruned> {
  const { clock, onEvent, toolVersion } = systems;
  const steps = startSteps(systems);
  const lease = await steps.run('lease', () => holdLease(repository, 'prune', systems));
  const { signal } = lease;
  const announce = await announcing(repository, lease, systems);
  const plan = await steps.run('look', async () => {
    await forgetSettled(repository, clock, signal);
    const inventory = await takeInventory(repository, signal, rules.distrusted);
    return planPrune(inventory, rules, clock.now());
  });
  const retired: string[] = [];
  const retire = async (of: { readonly set: string; readonly digest: string | null }) => {
    await lease.confirm();
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
  const working = { lease, announce, signal, onEvent };
  const erased = await steps.run('remove data', () =>
    erase(repository, rules, clock.now(), working),
  );
  return { plan, done: { ...erased, retired }, steps: steps.records };
}

/** Looked at once more, for what was ended now has an end of its own. */
async function erase(
  repository: Repository,
  rules: PruneRules,
  now: Date,
  working: Working,
): Promise<Erased> {
  const inventory = await takeInventory(repository, working.signal);
  const plan = planPrune(inventory, rules, now);
  const live = [
    ...inventory.sets.map(({ manifest }) => manifest),
    // Theirs may be in use by a restore that began before.
    ...plan.waiting.flatMap(({ manifest }) => (manifest ? [manifest] : [])),
  ];
  return eraseRetired(repository, { ...plan, live }, working);
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
