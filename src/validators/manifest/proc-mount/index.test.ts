import { expect, it } from 'vitest';
import { examine, podWith, setOf } from '../testing.ts';
import { check } from './index.ts';

const unmasked = 'securityContext: {procMount: Unmasked}';

it('finds it in every list of containers', async () => {
  const { seen, paths, messages } = await examine(
    check,
    podWith(unmasked, `initContainers: [{name: i, ${unmasked}}]`),
  );
  expect(seen[0]).toEqual({ messageId: 'unmasked', line: 11, column: 36 });
  expect(paths[1]).toBe('spec.initContainers[0].securityContext.procMount');
  expect(messages[0]).toBe('container web has /proc Unmasked');
});

it.each([
  [['1.34'], 1],
  [['1.34', '1.35'], 1],
  [['1.35'], 0],
  [[], 0],
])('with %j finds %d in a pod with users of its own', async (kubeVersions, count) => {
  const set = { ...setOf(podWith(unmasked, 'hostUsers: false')), kubeVersions };
  expect((await examine(check, set)).seen).toHaveLength(count);
});

it('excuses no pod with the users of its node', async () => {
  const { seen } = await examine(check, podWith(unmasked, 'hostUsers: true'));
  expect(seen).toHaveLength(1);
});

it.each(['', 'securityContext: {procMount: Default}', 'securityContext: {procMount: }'])(
  'is silent for %j',
  async (fields) => {
    expect((await examine(check, podWith(fields))).outcome).toBe('pass');
  },
);
