import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const labels = ['pool', 'arch'];
const affinity = (...terms: string[]) =>
  `affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [${terms.join(', ')}]}}}`;
const term = (...keys: string[]) =>
  `{matchExpressions: [${keys.map((key) => `{key: ${key}, operator: Exists}`).join(', ')}]}`;

it.each([
  ['nothing', '', 'pool, arch'],
  ['one of them', 'nodeSelector: {arch: arm64}', 'pool'],
  ['one in one of two terms', affinity(term('pool', 'arch'), term('arch')), 'pool'],
])('finds a pod that chooses by %s', async (_, fields, missing) => {
  const { seen, messages } = await examine(check, podWith('', fields), { labels });
  expect(seen).toEqual([{ messageId: 'unplaced', line: 7, column: 1 }]);
  expect(messages).toEqual([`Pod web does not choose its nodes by ${missing}`]);
});

it('is silent for both, wherever they are named', async () => {
  const fields = `nodeSelector: {arch: arm64}\n${affinity(term('pool'), term('pool', 'arch'))}`;
  expect((await examine(check, podWith('', fields), { labels })).outcome).toBe('pass');
});

it('is switched off where no label is asked for', async () => {
  expect((await examine(check, podWith())).notMeant).toHaveLength(1);
});
