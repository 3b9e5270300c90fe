import { expect, it } from 'vitest';
import { examine, setOf } from '../testing.ts';
import { check } from './index.ts';

const budget = (fields = '') =>
  `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec:\n  maxUnavailable: 1\n${fields}`;

it('finds a budget that does not say', async () => {
  expect((await examine(check, budget())).seen).toEqual([
    { messageId: 'unset', line: 5, column: 3 },
  ]);
});

it.each(['AlwaysAllow', 'IfHealthyBudget'])('is silent for %s', async (policy) => {
  const text = budget(`  unhealthyPodEvictionPolicy: ${policy}\n`);
  expect((await examine(check, text)).outcome).toBe('pass');
});

it('is silent where a target version does not have the field', async () => {
  const set = { ...setOf(budget()), kubeVersions: ['1.34', '1.26'] };
  expect((await examine(check, set)).outcome).toBe('pass');
});
