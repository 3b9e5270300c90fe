import { Fault } from '../../core/fault.ts';
import { objectKey, type Repository } from '../repository.ts';
import { claimedObjects } from './claims.ts';
import { tombstoneKey } from './tombstones.ts';

/** Keeps a set from being published that counts on what a prune removes. */
export interface PublishGuard {
  /** The set counts on an object that was there. */
  reuses(key: string): void;
  /** @throws Fault `repository-unreadable` when what the set counts on is not safe */
  check(): Promise<void>;
}

/**
 * To be called once the marker of the set is there: a prune that begins to remove objects later sees
 * that one, and leaves them alone.
 */
export async function publishGuard(
  repository: Repository,
  set: string,
  signal: AbortSignal,
): Promise<PublishGuard> {
  const claimed = await claimedObjects(repository, signal);
  const doomed = new Map(
    [...claimed].flatMap(([claim, objects]) => objects.map((hex) => [objectKey(hex), claim])),
  );
  const reused = new Set<string>();
  return {
    reuses(key) {
      if (doomed.has(key)) reused.add(key);
    },
    async check() {
      if (await repository.stat(tombstoneKey(set), signal)) {
        throw new Fault(
          'repository-unreadable',
          `the set ${set} took so long that a prune gave it up`,
        );
      }
      const claims = new Map<string, boolean>();
      for (const key of reused) {
        const claim = doomed.get(key) ?? '';
        const working = claims.get(claim) ?? (await repository.stat(claim, signal)) !== undefined;
        claims.set(claim, working);
        // Once its claim is gone, the prune has removed whatever it was going to.
        if (!working && (await repository.stat(key, signal))) continue;
        const why = working
          ? 'is being removed by a prune that has not ended; run `deploycheck backup prune --yes` if it died'
          : 'was removed by a prune meanwhile';
        throw new Fault('repository-unreadable', `${key} ${why}, and then make the set again`);
      }
    },
  };
}
