import { expect, it } from 'vitest';
import { examine, podWith, setOf } from '../testing.ts';
import { check } from './index.ts';

const unmasked = 'securityContext: {procMount: Unmasked}';

it.each([
  [['1.34'], 0],
  [['1.34', '1.35'], 0],
  [['1.35'], 1],
  [[], 1],
])('with %j finds %d, the rest is for manifest/proc-mount', async (kubeVersions, count) => {
  const set = { ...setOf(podWith(unmasked, 'hostUsers: false')), kubeVersions };
  const found = { messageId: 'unmasked', line: 11, column: 36 };
  expect((await examine(check, set)).seen).toEqual(count === 0 ? [] : [found]);
});

it.each([
  ['the users of the node', unmasked, ''],
  ['masks', 'securityContext: {procMount: Default}', 'hostUsers: false'],
  ['nothing said', '', 'hostUsers: false'],
])('is silent for %s', async (_, fields, podFields) => {
  expect((await examine(check, podWith(fields, podFields))).outcome).toBe('pass');
});
