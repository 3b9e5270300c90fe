import { expect, it } from 'vitest';
import { clusterRoleWith, examine } from '../testing.ts';
import { check } from './index.ts';

it.each([
  [
    'certificates.k8s.io',
    'certificatesigningrequests/approval',
    'update, patch',
    'approve',
    'update, patch of certificatesigningrequests/approval',
    17,
  ],
  ['certificates.k8s.io', 'signers', 'approve, sign', 'approve', 'approve, sign of signers', 17],
])('finds in %j %s: %s', async (group, resources, verbs, messageId, message, column) => {
  const { seen, messages } = await examine(check, clusterRoleWith({ group, resources, verbs }));
  expect(seen).toEqual([{ messageId, line: 7, column }]);
  expect(messages[0]).toContain(`ClusterRole shop allows ${message}`);
});

it.each([
  ['requests', 'certificates.k8s.io', 'certificatesigningrequests', 'create, update', ''],
  ['their status', 'certificates.k8s.io', 'certificatesigningrequests/status', 'update', ''],
  ['another group', 'example.com', 'signers', 'sign', ''],
  ['a signer that is named', 'certificates.k8s.io', 'signers', 'approve', 'shop.example/internal'],
])('is silent for %s', async (_, group, resources, verbs, named) => {
  const text = clusterRoleWith({ group, resources, verbs, named });
  expect((await examine(check, text)).outcome).toBe('pass');
});

it('lets a role be that approves for signers it names', async () => {
  const approval = {
    group: 'certificates.k8s.io',
    resources: 'certificatesigningrequests/approval',
  };
  const rule = (named: string) =>
    `  - {apiGroups: [certificates.k8s.io], resources: [signers], verbs: [approve], resourceNames: [${named}]}\n`;
  const text = clusterRoleWith({ ...approval, verbs: 'update' });
  expect((await examine(check, text + rule('shop.example/internal'))).outcome).toBe('pass');
  expect((await examine(check, text + rule(''))).paths).toEqual([
    'rules[0].resources[0]',
    'rules[1].resources[0]',
  ]);
});
