import { expect, it } from 'vitest';
import { randomFrom } from '../../../scripts/soak/random.ts';
import { openReading } from './tries/reading.ts';

it('texts that somebody altered are read, or what is wrong with them is said', async () => {
  await using scenario = await openReading();
  for (let number = 1; number <= 2; number++) {
    expect(await scenario.once(randomFrom(number), number)).toMatchObject({ problem: '' });
  }
});
