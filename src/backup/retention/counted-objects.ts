import { Fault } from '../../core/fault.ts';
import { hasDied, thisHolder } from '../repository/lease-files.ts';
import type { Repository } from '../repository/repository.ts';
import { type RemovalList, removalLists } from './removals.ts';
import { tombstoneKey } from './tombstones.ts';

/** What a set counts on; keeps it from being published when a prune removes some of that. */
export interface CountedObjects {
  add(key: string): void;
  /** @throws Fault `repository-unreadable` when what the set counts on is not safe */
  requireSafe(): Promise<void>;
}

/**
 * To be called once a lease is held and the marker of the set is there: a prune that begins to remove
 * objects later sees both.
 */
export async function countedObjects(
  repository: Repository,
  set: string,
  signal: AbortSignal,
): Promise<CountedObjects> {
  const lists = await removalLists(repository, signal);
  const doomed = new Map(
    lists.flatMap((list) => list.objects.map((object) => [object, list] as const)),
  );
  const counted = new Map<string, RemovalList>();
  return {
    add(key) {
      const list = doomed.get(key);
      if (list) counted.set(key, list);
    },
    async requireSafe() {
      if (await repository.stat(tombstoneKey(set), signal)) {
        throw new Fault(
          'repository-unreadable',
          `the set ${set} took so long that a prune gave it up`,
        );
      }
      const here = await thisHolder();
      const working = new Map<RemovalList, boolean>();
      for (const list of new Set(counted.values())) {
        const there = (await repository.stat(list.key, signal)) !== undefined;
        working.set(list, there && !(await hasDied(list.holder, here)));
      }
      for (const [key, list] of counted) {
        // Once its list is gone, the prune has removed whatever it was going to.
        if (!working.get(list) && (await repository.stat(key, signal))) continue;
        const why = working.get(list)
          ? `is on a list of what a prune removes (${list.key}), which the next prune ends if that one died`
          : 'was removed by a prune meanwhile';
        throw new Fault('repository-unreadable', `${key} ${why}; make the set again then`);
      }
    },
  };
}
