import { expect, it } from 'vitest';
import { clusterRoleWith, examine } from '../testing.ts';
import { check } from './index.ts';

it.each([['', 'serviceaccounts/token', 'create', 'create', 'create of serviceaccounts/token', 17]])(
  'finds in %j %s: %s',
  async (group, resources, verbs, messageId, message, column) => {
    const { seen, messages } = await examine(check, clusterRoleWith({ group, resources, verbs }));
    expect(seen).toEqual([{ messageId, line: 7, column }]);
    expect(messages[0]).toContain(`ClusterRole shop allows ${message}`);
  },
);

it.each([
  ['service accounts', '', 'serviceaccounts', 'create', ''],
  ['another verb', '', 'serviceaccounts/token', 'get', ''],
  ['another group', 'example.com', 'serviceaccounts/token', 'create', ''],
  ['one that is named', '', 'serviceaccounts/token', 'create', 'robot'],
])('is silent for %s', async (_, group, resources, verbs, named) => {
  const text = clusterRoleWith({ group, resources, verbs, named });
  expect((await examine(check, text)).outcome).toBe('pass');
});
