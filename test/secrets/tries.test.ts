import { expect, it } from 'vitest';
import { randomFrom } from '../../scripts/soak/random.ts';
import { openPlanting } from './tries/planting.ts';

it('finds a planted secret of every shape, shows none, and finds none where there is none', async () => {
  await using scenario = await openPlanting();
  for (let number = 1; number <= 2; number++) {
    expect(await scenario.once(randomFrom(number), number)).toMatchObject({ problem: '' });
  }
});
