import { expect, it } from 'vitest';
import { said } from '../testing.ts';
import { check } from './index.ts';

const target = (part: object) => ({ workloads: [{ target: part }] });

it('leaves open what nothing tells, and does not pass', async () => {
  const { ids, outcome, open } = await said(
    check,
    target({ health: 'unknown', healthBy: 'no idea' }),
  );
  expect([ids, outcome]).toEqual([[], 'inconclusive']);
  expect(open[0]).toMatch(/revision 1 of deployment\/web was ever healthy: no idea/);
});

it('is answered once the target runs and is well', async () => {
  const part = { ...target({ health: 'unknown' }), executions: [{ outcome: 'healthy' }] };
  expect(await said(check, part)).toMatchObject({ ids: [], outcome: 'pass', open: [] });
});

it('refuses one that is known to have failed', async () => {
  const part = target({ health: 'unhealthy', healthBy: 'its rollout gave up' });
  expect((await said(check, part)).messages).toEqual([
    'revision 1 of deployment/web was not healthy: its rollout gave up',
  ]);
});

it('speaks of each workload', async () => {
  const part = {
    workloads: [
      { name: 'a', target: null },
      { name: 'b', target: null },
    ],
  };
  expect((await said(check, part)).messages).toEqual([
    expect.stringContaining('deployment/a'),
    expect.stringContaining('deployment/b'),
  ]);
});
