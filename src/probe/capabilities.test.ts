import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fewest, usualCapabilities } from './capabilities.ts';

const all = [...usualCapabilities];

it('finds exactly what is needed, whatever that is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.subarray(all, { maxLength: 2 }), async (needs) => {
      const works = async (some: readonly string[]) => needs.every((name) => some.includes(name));
      expect(await fewest(all, works)).toEqual(needs);
    }),
  );
});

it('asks no more often than it says, where all of them are needed', async () => {
  let asked = 0;
  const found = await fewest(all, async () => {
    asked++;
    return false;
  });
  expect([found, asked]).toEqual([all, 21]);
});
