import { expect, it } from 'vitest';
import { clusterRoleWith, examine } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['', 'pods/exec', 'create', 'exec', 'create of pods/exec', 17],
  ['', 'pods/attach', 'get', 'exec', 'get of pods/attach', 17],
  ['', 'pods/ephemeralcontainers', 'patch', 'exec', 'patch of pods/ephemeralcontainers', 17],
  ['', 'pods/portforward', 'create', 'forward', 'create of pods/portforward', 17],
])('finds in %j %s: %s', async (group, resources, verbs, messageId, message, column) => {
  const { seen, messages } = await examine(check, clusterRoleWith({ group, resources, verbs }));
  expect(seen).toEqual([{ messageId, line: 7, column }]);
  expect(messages[0]).toContain(`ClusterRole shop allows ${message}`);
});

it.each([
  ['logs', '', 'pods/log', 'get', ''],
  ['pods', '', 'pods', 'create, get', ''],
  ['a wildcard, which has a rule', '', 'pods/exec', '"*"', ''],
  ['another group', 'example.com', 'pods/exec', 'create', ''],
  ['a pod that is named', '', 'pods/exec', 'create', 'shell-0'],
])('is silent for %s', async (_, group, resources, verbs, named) => {
  const text = clusterRoleWith({ group, resources, verbs, named });
  expect((await examine(check, text)).outcome).toBe('pass');
});
