import { expect, it } from 'vitest';
import { clusterRoleWith, examine } from '../testing.ts';
import { check } from './index.ts';

it.each([
  [
    'admissionregistration.k8s.io',
    'validatingwebhookconfigurations',
    'delete',
    'change',
    'delete of validatingwebhookconfigurations',
    17,
  ],
  [
    'admissionregistration.k8s.io',
    'mutatingwebhookconfigurations, validatingwebhookconfigurations',
    'create, update',
    'change',
    'create, update of mutatingwebhookconfigurations, validatingwebhookconfigurations',
    17,
  ],
])('finds in %j %s: %s', async (group, resources, verbs, messageId, message, column) => {
  const { seen, messages } = await examine(check, clusterRoleWith({ group, resources, verbs }));
  expect(seen).toEqual([{ messageId, line: 7, column }]);
  expect(messages[0]).toContain(`ClusterRole shop allows ${message}`);
});

it.each([
  [
    'reading',
    'admissionregistration.k8s.io',
    'mutatingwebhookconfigurations',
    'get, list, watch',
    '',
  ],
  ['another group', 'example.com', 'mutatingwebhookconfigurations', 'create', ''],
  [
    'one that is named',
    'admissionregistration.k8s.io',
    'validatingwebhookconfigurations',
    'patch',
    'shop',
  ],
])('is silent for %s', async (_, group, resources, verbs, named) => {
  const text = clusterRoleWith({ group, resources, verbs, named });
  expect((await examine(check, text)).outcome).toBe('pass');
});
