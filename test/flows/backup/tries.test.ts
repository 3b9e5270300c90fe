import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../scripts/soak/random.ts';
import type { OpenScenario } from '../../../scripts/soak/scenario.ts';
import { systems } from '../../systems/bed.ts';
import { openBucketRoundTrip } from './tries/bucket-round-trip.ts';
import { openDamage } from './tries/damage.ts';
import { openKill } from './tries/kill.ts';
import { openRoundTrip } from './tries/round-trip.ts';
import { openWriteLoad } from './tries/write-load.ts';

const bed = await systems('postgres', 'minio', 'toxiproxy');

/** A few of what `npm run soak` does often: whether it holds, and whether the tries do what they say. */
const tries = [
  ['a set that was changed', openDamage, 100],
  ['a run that is ended', openKill, 4],
  ['a generated database', openRoundTrip, 5],
  ['a generated bucket', openBucketRoundTrip, 3],
  ['a backup under a load of writes', openWriteLoad, 2],
] as const;

describe.skipIf(!bed)('what is claimed of', () => {
  it.each(tries)(
    '%s',
    async (_, open, count) => {
      if (!bed) return;
      await using scenario: OpenScenario = await open(bed);
      const problems: string[] = [];
      for (let number = 1; number <= count; number += 1) {
        const { problem } = await scenario.once(randomFrom(number), number);
        if (problem !== '') problems.push(`${number}: ${problem}`);
      }
      expect(problems).toEqual([]);
    },
    180_000,
  );
});
