import { expect, it } from 'vitest';
import { deploymentWith, documents, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const named = (name: string) => podWith('', `priorityClassName: ${name}`);

it.each([
  ['none', deploymentWith('web'), undefined, 'unset', 13, 5],
  ['an empty one', named('""'), undefined, 'unset', 7, 1],
  ['one that is not allowed', named('system-node-critical'), ['shop'], 'not-allowed', 11, 22],
])('finds %s', async (_, text, allow, messageId, line, column) => {
  const { seen } = await examine(check, text, allow && { allow });
  expect(seen).toEqual([{ messageId, line, column }]);
});

const byDefault =
  'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: usual}\nglobalDefault: true\n';

it.each([
  ['any', named('shop'), undefined],
  ['an allowed one', named('shop'), ['shop']],
  ['the default of the cluster', documents(podWith(), byDefault), ['shop']],
])('is silent for %s', async (_, text, allow) => {
  expect((await examine(check, text, allow && { allow })).outcome).toBe('pass');
});
