import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const binding = (kind: string, subject: string) =>
  `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: {name: b}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
  - {kind: User, name: ann}
  - {${subject}}
`;

it.each(['RoleBinding', 'ClusterRoleBinding'])('finds a %s', async (kind) => {
  const { seen, messages } = await examine(
    check,
    binding(kind, 'kind: ServiceAccount, name: default, namespace: here'),
  );
  expect(seen).toEqual([{ messageId: 'bound', line: 7, column: 34 }]);
  expect(messages).toEqual([`${kind} b gives ClusterRole view to the service account default`]);
});

it.each(['', 'serviceAccountName: default\n'])('finds a pod that asks, with %j', async (field) => {
  const { seen } = await examine(
    check,
    podWith('', `automountServiceAccountToken: true\n${field}`),
  );
  expect(seen).toEqual([{ messageId: 'token', line: 11, column: 33 }]);
});

it.each([
  ['another account', binding('RoleBinding', 'kind: ServiceAccount, name: shop')],
  ['a user of that name', binding('RoleBinding', 'kind: User, name: default')],
  ['a pod that does not ask', podWith()],
  [
    'a pod of another account',
    podWith('', 'automountServiceAccountToken: true\nserviceAccountName: shop'),
  ],
  [
    'the old name of the field',
    podWith('', 'automountServiceAccountToken: true\nserviceAccount: shop'),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
