import { expect, it } from 'vitest';
import { said } from '../testing.ts';
import { check } from './index.ts';

it('never passes what is assumed, and names it', async () => {
  const terms = [{ name: 'pull', source: 'assumed' }];
  const part = { estimate: { source: 'assumed', terms } };
  const { outcome, open } = await said(check, part);
  expect(outcome).toBe('inconclusive');
  expect(open).toEqual([
    'whether going back takes less than 30 min: assumed, never measured: pull',
  ]);
});

it('does not pass a range whose upper end is too long', async () => {
  const { outcome, open } = await said(check, { estimate: { high: 1900 } });
  expect([outcome, open[0]]).toEqual(['inconclusive', expect.stringContaining('31 min 40 s')]);
});

it('names the largest term of what takes too long', async () => {
  const terms = [
    { name: 'rollout', value: 60 },
    { name: 'restore', value: 2000 },
  ];
  const { messages } = await said(check, { estimate: { value: 2060, terms } });
  expect(messages[0]).toContain(
    '34 min 20 s, longer than sla.rollback (30 min); most of it is restore',
  );
});

it('goes by the time it took, once it is known', async () => {
  const estimate = { value: 60, source: 'assumed' };
  const took = (seconds: number) => said(check, { estimate, executions: [{ seconds }] });
  expect((await took(1799)).outcome).toBe('pass');
  expect((await took(1801)).ids).toEqual(['took-longer:error']);
});
