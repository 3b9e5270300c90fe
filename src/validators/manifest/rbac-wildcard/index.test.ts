import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { check } from './index.ts';

const role = (rules: string, kind = 'ClusterRole', group = 'rbac.authorization.k8s.io') =>
  `apiVersion: ${group}/v1\nkind: ${kind}\nmetadata: {name: r}\nrules:\n${rules}`;

it('finds every wildcard', async () => {
  const { seen, paths } = await examine(
    check,
    role(
      '  - apiGroups: ["*"]\n    resources: ["*/scale", pods]\n    verbs: [get]\n  - nonResourceURLs: ["*"]\n    verbs: ["*"]\n',
    ),
  );
  expect(seen).toEqual([
    { messageId: 'wildcard', line: 5, column: 17 },
    { messageId: 'wildcard', line: 6, column: 17 },
    { messageId: 'wildcard', line: 8, column: 23 },
    { messageId: 'wildcard', line: 9, column: 13 },
  ]);
  expect(paths[0]).toBe('rules[0].apiGroups[0]');
});

it.each([
  ['named ones', role('  - {apiGroups: [""], resources: [pods, pods/log], verbs: [get]}\n')],
  [
    'a path below which all is allowed',
    role('  - {nonResourceURLs: [/healthz/*], verbs: [get]}\n'),
  ],
  ['no rules', role('  []\n', 'Role')],
  ['another group', role('  - {verbs: ["*"]}\n', 'Role', 'example.com')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
