import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

it('finds each of the three', async () => {
  const { seen } = await examine(
    check,
    podWith('', 'hostNetwork: true\nhostPID: true\nhostIPC: true'),
  );
  expect(seen).toEqual([
    { messageId: 'shared', line: 11, column: 16 },
    { messageId: 'shared', line: 12, column: 12 },
    { messageId: 'shared', line: 13, column: 12 },
  ]);
});

it.each(['', 'hostNetwork: false', 'hostNetwork:'])('is silent for %j', async (fields) => {
  expect((await examine(check, podWith('', fields))).outcome).toBe('pass');
});
