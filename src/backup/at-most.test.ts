import { expect, it } from 'vitest';
import { atMost } from './at-most.ts';

it('runs so many beside each other, in the order they came, also after one that failed', async () => {
  const two = atMost(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  let beside = 0;
  let most = 0;
  const works = [0, 1, 2, 3, 4].map((number) =>
    two(async () => {
      begun.push(number);
      beside += 1;
      most = Math.max(most, beside);
      await new Promise<void>((resolve) => ends.push(resolve));
      beside -= 1;
      if (number === 1) throw new Error('one of them');
      return number;
    }),
  );
  const settled = Promise.allSettled(works);
  for (let ended = 0; ended < works.length; ended++) {
    await expect.poll(() => ends.length).toBeGreaterThan(ended);
    ends[ended]?.();
  }
  expect((await settled).map(({ status }) => status === 'fulfilled')).toEqual([
    true,
    false,
    true,
    true,
    true,
  ]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
});
