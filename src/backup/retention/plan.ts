import { durationText } from '../age-text.ts';
import type { Distrusted } from '../set/sets.ts';
import type { Inventory, LeftAlone, ProvenSet, UnfinishedRun } from './inventory.ts';
import { type Decided, decideRetention, type RetentionPolicy } from './policy.ts';
import type { Tombstone } from './tombstones.ts';

/** Milliseconds after which a run that published nothing is taken for dead. */
const abandonedMs = 7 * 86_400_000;

export interface PrunePlan {
  readonly decisions: readonly Decided<ProvenSet>[];
  /** Runs that broke off long ago; they are ended like a set. */
  readonly abandoned: readonly UnfinishedRun[];
  /** Ended by an earlier prune, and their time is over. */
  readonly due: readonly Tombstone[];
  /** Ended by an earlier prune, and kept for now. */
  readonly waiting: readonly Tombstone[];
  /** Why no object is removed now; empty when some may be. */
  readonly objectsHeldBy: readonly LeftAlone[];
  /** What could not be looked at. */
  readonly notExamined: readonly LeftAlone[];
}

export interface PruneRules {
  readonly policy: RetentionPolicy;
  /** Milliseconds between the end of a set and the removal of its data. */
  readonly graceMs: number;
  /** Why a set does not count; undefined when sets need no signature. */
  readonly distrusted?: Distrusted | undefined;
}

/** What a prune does next, as far as it can be known before it is done. */
export function planPrune(
  { sets, unreadable, unfinished, retired }: Inventory,
  { policy, graceMs }: PruneRules,
  now: Date,
): PrunePlan {
  const abandoned = unfinished.filter(
    ({ never, begunAt }) => never && now.getTime() - begunAt.getTime() > abandonedMs,
  );
  const held = unfinished.filter((run) => !abandoned.includes(run));
  const due = retired.filter(
    ({ retiredAt }) => retiredAt !== null && now.getTime() - retiredAt.getTime() >= graceMs,
  );
  const waiting = retired.filter((tombstone) => !due.includes(tombstone));
  const strays = held.filter(({ never }) => !never).map(strayOf);
  return {
    decisions: decideRetention(sets, policy, now),
    abandoned,
    due,
    waiting,
    objectsHeldBy: [
      ...unreadable,
      ...strays,
      ...held.filter(({ never }) => never).map((run) => runningOf(run, now)),
      // It may have been about to publish when it was given up.
      ...waiting.filter(({ manifest }) => manifest === null).map(givenUp),
    ],
    notExamined: [...unreadable, ...strays],
  };
}

const strayOf = ({ set }: UnfinishedRun): LeftAlone => ({
  set,
  why: 'it has no manifest, and is not what a run leaves that broke off',
});

const givenUp = ({ set }: Tombstone): LeftAlone => ({
  set,
  why: 'its run broke off, and was given up a short while ago',
});

const runningOf = ({ set, begunAt }: UnfinishedRun, now: Date): LeftAlone => ({
  set,
  why: `it is being made, or its run died ${durationText(now.getTime() - begunAt.getTime())} ago or less`,
});
