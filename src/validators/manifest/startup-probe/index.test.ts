import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const liveness = 'livenessProbe: {exec: {command: [live]}}';

it('points at the liveness probe that nothing holds back', async () => {
  const { seen } = await examine(check, podWith(liveness));
  expect(seen).toEqual([{ messageId: 'missing', line: 11, column: 7 }]);
});

it.each([
  ['no liveness probe', ''],
  ['both', `${liveness}\nstartupProbe: {exec: {command: [live]}}`],
])('is silent for %s', async (_, fields) => {
  expect((await examine(check, podWith(fields))).outcome).toBe('pass');
});
