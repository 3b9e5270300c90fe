import { expect, it } from 'vitest';
import { documents, examine, lookedUp } from '../testing.ts';
import { check } from './index.ts';

const binding = (subject: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{${subject}}]
`;
const account = (namespace: string) =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: ${namespace}}\n`;
const web = binding('kind: ServiceAccount, name: web, namespace: shop');

it('finds an account that a cluster does not have', async () => {
  const { seen, severities } = await examine(check, lookedUp(web));
  expect(seen).toEqual([{ messageId: 'missing-object', line: 5, column: 41 }]);
  expect(severities).toEqual(['error']);
});

it('warns of an account that the set has in another namespace only', async () => {
  const { seen, severities } = await examine(check, documents(web, account('trial')));
  expect(seen).toEqual([{ messageId: 'other-namespace', line: 5, column: 57 }]);
  expect(severities).toEqual(['warning']);
  // The cluster knows better.
  const known = lookedUp(documents(web, account('trial')), { 'ServiceAccount web': {} });
  expect((await examine(check, known)).outcome).toBe('pass');
});

it.each([
  ['an account of the set', documents(web, account('shop'))],
  ['an account of elsewhere', web],
  ['the default account', binding('kind: ServiceAccount, name: default, namespace: shop')],
  ['a person', binding('kind: User, name: web, apiGroup: rbac.authorization.k8s.io')],
  [
    'a subject without namespace',
    documents(binding('kind: ServiceAccount, name: web'), account('shop')),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
