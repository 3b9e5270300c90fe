import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const inside = (namespace: string) =>
  podWith().replace('  name: web', `  name: web\n  namespace: ${namespace}`);

it.each(['kube-system', 'kube-public', 'kube-node-lease'])('finds %s', async (namespace) => {
  expect((await examine(check, inside(namespace))).seen).toEqual([
    { messageId: 'system', line: 5, column: 14 },
  ]);
});

it.each([
  ['another one', inside('kube-shop')],
  ['none', podWith()],
  [
    'a RoleBinding, which extension API servers need there',
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a, namespace: kube-system}\n',
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
