import { expect, it } from 'vitest';
import { clusterRoleWith, examine } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['', 'namespaces', 'delete', 'data', 7, 17, 'allows delete of namespaces'],
  [
    '',
    'pods, persistentvolumes',
    'get, delete',
    'data',
    7,
    23,
    'allows delete of persistentvolumes',
  ],
  [
    'apiextensions.k8s.io',
    'customresourcedefinitions',
    'delete',
    'data',
    7,
    17,
    'allows delete of customresourcedefinitions',
  ],
  [
    'apps',
    'deployments',
    'get, deletecollection',
    'collection',
    8,
    18,
    'allows deletecollection: one request removes all deployments',
  ],
])('finds in %j %s: %s', async (group, resources, verbs, messageId, line, column, message) => {
  const { seen, messages } = await examine(check, clusterRoleWith({ group, resources, verbs }));
  expect(seen).toEqual([{ messageId, line, column }]);
  expect(messages).toEqual([`ClusterRole shop ${message}`]);
});

it.each([
  ['what can be applied again', '', 'pods, configmaps', 'delete', ''],
  ['reading', '', 'namespaces', 'get, list', ''],
  ['one that is named', '', 'namespaces', 'delete', 'shop-tests'],
  ['a collection of names, which is none', '', 'pods', 'deletecollection', 'web-0'],
  ['a wildcard, which has a rule', '', 'namespaces', '"*"', ''],
])('is silent for %s', async (_, group, resources, verbs, named) => {
  const text = clusterRoleWith({ group, resources, verbs, named });
  expect((await examine(check, text)).outcome).toBe('pass');
});
