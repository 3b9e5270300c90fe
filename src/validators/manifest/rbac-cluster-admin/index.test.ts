import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { check } from './index.ts';

const binding = (kind: string, role: string, subjects: string, version = 'v1') =>
  `apiVersion: rbac.authorization.k8s.io/${version}
kind: ${kind}
metadata: {name: b}
roleRef: {apiGroup: rbac.authorization.k8s.io, ${role}}
subjects: [${subjects}]
`;

const account = '{kind: ServiceAccount, name: a, namespace: here}';
const admin = 'kind: ClusterRole, name: cluster-admin';

it.each([
  ['ClusterRoleBinding', 'v1', 'cluster', 'error', 'administrators of the cluster'],
  ['ClusterRoleBinding', 'v1beta1', 'cluster', 'error', 'administrators of the cluster'],
  ['RoleBinding', 'v1', 'namespace', 'warning', 'administrators of their namespace'],
])('finds a %s of %s', async (kind, version, messageId, severity, message) => {
  const { seen, severities, messages } = await examine(
    check,
    binding(kind, admin, account, version),
  );
  expect(seen).toEqual([{ messageId, line: 4, column: 73 }]);
  expect(severities).toEqual([severity]);
  expect(messages[0]).toContain(`${kind} b makes its subjects ${message}`);
});

it.each([
  ['another role', binding('ClusterRoleBinding', 'kind: ClusterRole, name: view', account)],
  ['a Role of that name', binding('RoleBinding', 'kind: Role, name: cluster-admin', account)],
  ['a binding of nobody', binding('ClusterRoleBinding', admin, '')],
  [
    'a kind of another group',
    binding('ClusterRoleBinding', admin, account).replace(
      'rbac.authorization.k8s.io/',
      'example.com/',
    ),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
