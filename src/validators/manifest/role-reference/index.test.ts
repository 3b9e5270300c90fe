import { expect, it } from 'vitest';
import { documents, examine, lookedUp } from '../testing.ts';
import { check } from './index.ts';

const binding = (kind: string, role: string, namespace = 'shop') =>
  `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: {name: b, namespace: ${namespace}}
roleRef: {apiGroup: rbac.authorization.k8s.io, ${role}}
`;
const role = (kind: string, metadata: string) =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: {${metadata}}\nrules: []\n`;
const reader = binding('RoleBinding', 'kind: Role, name: reader');

it.each([
  ['a Role', reader, 66],
  ['a ClusterRole', binding('ClusterRoleBinding', 'kind: ClusterRole, name: reader'), 73],
  [
    'a Role of another namespace',
    documents(reader, role('Role', 'name: reader, namespace: other')),
    66,
  ],
])('finds %s that is not there', async (_, text, column) => {
  const { seen } = await examine(check, lookedUp(text));
  expect(seen).toEqual([{ messageId: 'missing-object', line: 4, column }]);
});

it.each([
  ['a role of the namespace', documents(reader, role('Role', 'name: reader, namespace: shop'))],
  ['a role without namespace', documents(reader, role('Role', 'name: reader'))],
  ['a role of Kubernetes', binding('RoleBinding', 'kind: ClusterRole, name: view')],
  [
    'a role of the system',
    binding('ClusterRoleBinding', "kind: ClusterRole, name: 'system:auth-delegator'"),
  ],
  [
    'the role of aggregated APIs',
    binding(
      'RoleBinding',
      'kind: Role, name: extension-apiserver-authentication-reader',
      'kube-system',
    ),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, lookedUp(text))).outcome).toBe('pass');
});

it('has not examined a role that is not in the set', async () => {
  expect(await examine(check, reader)).toMatchObject({
    seen: [],
    notExamined: ['Role reader'],
    whyNot: [expect.stringContaining('manifests.external')],
  });
});
