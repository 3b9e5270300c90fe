import { expect, it } from 'vitest';
import { clusterRoleWith, examine } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['', 'nodes/proxy', 'get', 'proxy', 'get of nodes/proxy', 17],
  ['', 'nodes, nodes/proxy', 'create', 'proxy', 'create of nodes/proxy', 24],
])('finds in %j %s: %s', async (group, resources, verbs, messageId, message, column) => {
  const { seen, messages } = await examine(check, clusterRoleWith({ group, resources, verbs }));
  expect(seen).toEqual([{ messageId, line: 7, column }]);
  expect(messages[0]).toContain(`ClusterRole shop allows ${message}`);
});

it.each([
  ['figures', '', 'nodes/metrics, nodes/stats', 'get', ''],
  ['nodes', '', 'nodes', 'get, update', ''],
  ['the proxy of Services', '', 'services/proxy', 'get', ''],
  ['another group', 'example.com', 'nodes/proxy', 'get', ''],
])('is silent for %s', async (_, group, resources, verbs, named) => {
  const text = clusterRoleWith({ group, resources, verbs, named });
  expect((await examine(check, text)).outcome).toBe('pass');
});
