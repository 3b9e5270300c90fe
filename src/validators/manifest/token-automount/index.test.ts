import { expect, it } from 'vitest';
import { deploymentWith, documents, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const named = 'serviceAccountName: shop';
const account = (fields: string, name = 'shop', namespace = 'here') =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}, namespace: ${namespace}}\n${fields}\n`;
const binding = (subject: string, namespace = 'here') =>
  `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: ${namespace}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{${subject}}]
`;
const within = (namespace: string, podFields = named) =>
  podWith('', podFields).replace('name: web\n', `name: web\n  namespace: ${namespace}\n`);

it('points at the spec of a pod and of a template', async () => {
  const pod = await examine(check, podWith());
  expect(pod.seen).toEqual([{ messageId: 'unsaid', line: 8, column: 3 }]);
  expect(pod.messages[0]).toContain('Pod web gets a token of service account default,');
  expect((await examine(check, deploymentWith('web'))).seen).toEqual([
    { messageId: 'unsaid', line: 14, column: 7 },
  ]);
});

it.each([
  ['an account that says nothing', documents(within('here'), account(''))],
  [
    'an account of another namespace',
    documents(within('here'), account('automountServiceAccountToken: false', 'shop', 'there')),
  ],
  [
    'an account of another name',
    documents(within('here'), account('automountServiceAccountToken: false', 'web')),
  ],
  ['an account from elsewhere', within('here')],
  [
    'a binding of another account',
    documents(within('here'), binding('kind: ServiceAccount, name: web')),
  ],
  [
    'a binding in another namespace',
    documents(within('here'), binding('kind: ServiceAccount, name: shop', 'there')),
  ],
  ['a binding of a group', documents(within('here'), binding('kind: Group, name: shop'))],
])('finds a pod with %s', async (_, text) => {
  expect((await examine(check, text)).seen).toHaveLength(1);
});

it.each([
  ['a pod that says no', podWith('', 'automountServiceAccountToken: false')],
  ['a pod that says yes', podWith('', 'automountServiceAccountToken: true')],
  [
    'an account that says no',
    documents(within('here'), account('automountServiceAccountToken: false')),
  ],
  [
    'an account that says yes',
    documents(within('here'), account('automountServiceAccountToken: true')),
  ],
  [
    'the old name of the field',
    documents(
      within('here', 'serviceAccount: shop'),
      account('automountServiceAccountToken: false'),
    ),
  ],
  [
    'the default account',
    documents(within('here', ''), account('automountServiceAccountToken: false', 'default')),
  ],
  [
    'an account with rights',
    documents(within('here'), binding('kind: ServiceAccount, name: shop')),
  ],
  [
    'an account with rights elsewhere',
    documents(
      within('here'),
      binding('kind: ServiceAccount, name: shop, namespace: here', 'there'),
    ),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
