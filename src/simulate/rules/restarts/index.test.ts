import { expect, it } from 'vitest';
import { judge, shop, simulationOf } from '../testing.ts';
import { check } from './index.ts';

it('warns of each container that was started again', async () => {
  const restart = { workload: shop, pod: 'shop-1', container: 'shop', last: 'Error, exit code 1' };
  const usage = { ...simulationOf().usage, restarts: [{ ...restart, count: 2 }] };
  const { said, severities } = await judge(check, simulationOf({ usage }));
  expect(said).toEqual([
    'restarted: Deployment/shop, container shop: restarted 2 times, last Error, exit code 1',
  ]);
  expect(severities).toEqual(['warning']);
});

it('is silent otherwise', async () => {
  expect((await judge(check, simulationOf())).outcome).toBe('pass');
});
