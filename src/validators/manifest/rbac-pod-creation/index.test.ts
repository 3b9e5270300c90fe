import { expect, it } from 'vitest';
import { clusterRoleWith, examine } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['', 'pods', 'create', 'create', 'create of pods', 17],
  [
    'apps',
    'deployments, daemonsets',
    'get, patch',
    'create',
    'patch of deployments, daemonsets',
    17,
  ],
  ['batch', 'cronjobs', 'update', 'create', 'update of cronjobs', 17],
])('finds in %j %s: %s', async (group, resources, verbs, messageId, message, column) => {
  const { seen, messages } = await examine(check, clusterRoleWith({ group, resources, verbs }));
  expect(seen).toEqual([{ messageId, line: 7, column }]);
  expect(messages[0]).toContain(`ClusterRole shop allows ${message}`);
});

it.each([
  ['reading', '', 'pods', 'get, list, delete', ''],
  ['changing pods that are there', '', 'pods', 'patch', ''],
  ['scaling', 'apps', 'deployments/scale', 'update', ''],
  ['a wildcard, which has a rule', 'apps', 'deployments', '"*"', ''],
  ['another group', 'example.com', 'deployments', 'create', ''],
  ['one that is named', 'apps', 'deployments', 'patch', 'web'],
])('is silent for %s', async (_, group, resources, verbs, named) => {
  const text = clusterRoleWith({ group, resources, verbs, named });
  expect((await examine(check, text)).outcome).toBe('pass');
});
