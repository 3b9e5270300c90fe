import { durationText, sizeText } from '../backup/age-text.ts';
import type { PruneRules } from '../backup/retention/plan.ts';
import { leftAloneBy, type Pruned } from '../backup/retention/prune.ts';

/** What a prune did or would do, for machines. */
export function pruneData(pruned: Pruned, rules: PruneRules, repository: string) {
  const { plan, done } = pruned;
  const ids = (of: readonly { readonly set: string }[]) => of.map(({ set }) => set);
  return {
    repository,
    dryRun: done === null,
    policy: rules.policy,
    graceMs: rules.graceMs,
    sets: plan.decisions.map(
      ({ of: { set, group, createdAt, proof, distrusted = null }, keep, reasons }) => {
        return { set, group, createdAt, proof, distrusted, keep, reasons };
      },
    ),
    abandoned: ids(plan.abandoned),
    due: ids(plan.due),
    waiting: plan.waiting.map(({ set, retiredAt }) => {
      return { set, retiredAt: retiredAt?.toISOString() ?? null };
    }),
    objectsHeldBy: plan.objectsHeldBy,
    notExamined: leftAloneBy(pruned),
    done: done && {
      retired: done.retired,
      erased: done.sets,
      files: done.files,
      objects: done.objects,
      bytes: done.bytes,
      postponed: done.postponed,
    },
  };
}

/** The same for people. */
export function prunePage(pruned: Pruned, rules: PruneRules, repository: string): string {
  const { plan, done } = pruned;
  const going = plan.decisions.filter(({ keep }) => !keep);
  const mark = (keep: boolean) => (keep ? 'keep  ' : done ? 'ended ' : 'remove');
  const grace = durationText(rules.graceMs);
  return [
    `${repository}: ${plan.decisions.length - going.length} sets stay, ${going.length} ${done ? 'were ended' : 'would be ended'}`,
    ...plan.decisions.map(
      ({ of: { set, group, proof, distrusted }, keep, reasons }) =>
        `${mark(keep)}  ${set}  ${group}  ${distrusted === undefined ? proof : 'not counted'}  ${reasons.join(', ')}`,
    ),
    ...plan.abandoned.map(({ set }) => `${mark(false)}  ${set}  its run broke off long ago`),
    ...plan.waiting.map(
      ({ set, retiredAt }) =>
        `ended   ${set}  ${retiredAt?.toISOString() ?? 'just now'}; its data stay for ${grace}`,
    ),
    ...(done ? [] : plan.due.map(({ set }) => `erase   ${set}  ended over ${grace} ago`)),
    ...(done?.sets ?? []).map((set) => `erased  ${set}`),
    ...(done?.postponed ?? []).map(({ set, why }) => `later   ${set}  ${why}`),
    ...(done || plan.due.length === 0
      ? []
      : plan.objectsHeldBy.map(({ set, why }) => `objects stay while ${set}: ${why}`)),
    ...leftAloneBy(pruned).map(({ set, why }) => `left alone: ${set}: ${why}`),
    done
      ? `removed ${done.files} files and ${done.objects} objects, ${sizeText(done.bytes)}`
      : 'a dry run: nothing was written; --yes does it',
    '',
  ].join('\n');
}
