import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { check } from './index.ts';

const binding = (subject: string, role = 'viewer', kind = 'ClusterRoleBinding') =>
  `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: {name: b}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role}}
subjects:
  - {kind: ServiceAccount, name: a, namespace: here}
  - {${subject}}
`;

it.each([
  ['kind: Group, name: "system:masters"', 'masters', 'error', 25],
  ['kind: User, name: "system:anonymous"', 'anyone', 'error', 24],
  ['kind: Group, name: "system:unauthenticated"', 'anyone', 'error', 25],
  ['kind: Group, name: "system:authenticated"', 'everybody', 'warning', 25],
  ['kind: Group, name: "system:serviceaccounts"', 'everybody', 'warning', 25],
])('finds %s', async (subject, messageId, severity, column) => {
  for (const kind of ['ClusterRoleBinding', 'RoleBinding']) {
    const { seen, severities, paths } = await examine(check, binding(subject, 'viewer', kind));
    expect(seen).toEqual([{ messageId, line: 7, column }]);
    expect(severities).toEqual([severity]);
    expect(paths).toEqual(['subjects[1].name']);
  }
});

it('says what is given to whom', async () => {
  const { messages } = await examine(check, binding('kind: User, name: "system:anonymous"'));
  expect(messages).toEqual([
    'ClusterRoleBinding b gives ClusterRole viewer to system:anonymous: whoever reaches the API server',
  ]);
});

it.each([
  ['a group of people', binding('kind: Group, name: operators')],
  [
    'the service accounts of one namespace',
    binding('kind: Group, name: "system:serviceaccounts:shop"'),
  ],
  ['a user of the name of a group', binding('kind: User, name: "system:authenticated"')],
  [
    'the keys by which tokens are verified',
    binding(
      'kind: Group, name: "system:unauthenticated"',
      'system:service-account-issuer-discovery',
    ),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
