import { expect, it } from 'vitest';
import { clusterRoleWith, examine } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['', 'secrets', 'get', 'read', 'get of all secrets', 17],
  ['*', 'configmaps, secrets', 'list, watch', 'read', 'list, watch of all secrets', 29],
])('finds in %j %s: %s', async (group, resources, verbs, messageId, message, column) => {
  const { seen, messages } = await examine(check, clusterRoleWith({ group, resources, verbs }));
  expect(seen).toEqual([{ messageId, line: 7, column }]);
  expect(messages[0]).toContain(`ClusterRole shop allows ${message}`);
});

it.each([
  ['writing', '', 'secrets', 'create, update', ''],
  ['a wildcard, which has a rule', '', 'secrets', '"*"', ''],
  ['another group', 'example.com', 'secrets', 'get', ''],
  ['Secrets that are named', '', 'secrets', 'get, list', 'shop'],
])('is silent for %s', async (_, group, resources, verbs, named) => {
  const text = clusterRoleWith({ group, resources, verbs, named });
  expect((await examine(check, text)).outcome).toBe('pass');
});
