import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { check } from './index.ts';

const rule = (fields: string) =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules:\n  - {${fields}}\n`;
const rbac = 'apiGroups: [rbac.authorization.k8s.io]';

it.each([
  [`verbs: [escalate], resources: [roles], ${rbac}`, 'escalate'],
  [`verbs: [escalate], resources: [roles], ${rbac}, resourceNames: [mine]`, 'escalate'],
  [`verbs: [bind], resources: [clusterroles, pods], ${rbac}`, 'bind'],
  ['verbs: [bind], resources: ["*"], apiGroups: ["*"]', 'bind'],
  [`verbs: [bind], resources: [clusterroles], ${rbac}, resourceNames: [cluster-admin]`, 'bind'],
  ['verbs: [impersonate], resources: [users], apiGroups: [""]', 'impersonate'],
  ['verbs: [impersonate], resources: [uids], apiGroups: [authentication.k8s.io]', 'impersonate'],
  [
    'verbs: [impersonate], resources: [groups], apiGroups: [""], resourceNames: ["system:masters"]',
    'impersonate',
  ],
])('finds %s', async (fields, messageId) => {
  const { seen, paths } = await examine(check, rule(fields));
  expect(seen).toEqual([{ messageId, line: 5, column: 14 }]);
  expect(paths).toEqual(['rules[0].verbs[0]']);
});

it('names who can be impersonated', async () => {
  const { messages } = await examine(
    check,
    rule('verbs: [impersonate], resources: [groups, users], apiGroups: [""]'),
  );
  expect(messages).toEqual(['ClusterRole r lets its holder act as others: users, groups']);
});

it.each([
  ['other verbs', `verbs: [get, update], resources: [roles], ${rbac}`],
  ['a wildcard, which has a rule', `verbs: ["*"], resources: [roles], ${rbac}`],
  ['another resource', `verbs: [bind], resources: [rolebindings], ${rbac}`],
  ['another group', 'verbs: [bind], resources: [roles], apiGroups: [example.com]'],
  ['roles that are named', `verbs: [bind], resources: [roles], ${rbac}, resourceNames: [reader]`],
  [
    'a user that is named',
    'verbs: [impersonate], resources: [users], apiGroups: [""], resourceNames: [robot]',
  ],
])('is silent for %s', async (_, fields) => {
  expect((await examine(check, rule(fields))).outcome).toBe('pass');
});
