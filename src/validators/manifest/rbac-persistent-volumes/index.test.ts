import { expect, it } from 'vitest';
import { clusterRoleWith, examine } from '../testing.ts';
import { check } from './index.ts';

it.each([['', 'persistentvolumes', 'get, create', 'create', 'create of persistentvolumes', 17]])(
  'finds in %j %s: %s',
  async (group, resources, verbs, messageId, message, column) => {
    const { seen, messages } = await examine(check, clusterRoleWith({ group, resources, verbs }));
    expect(seen).toEqual([{ messageId, line: 7, column }]);
    expect(messages[0]).toContain(`ClusterRole shop allows ${message}`);
  },
);

it.each([
  ['reading and deleting', '', 'persistentvolumes', 'get, delete', ''],
  // What a volume is made of cannot be changed afterwards.
  ['changing', '', 'persistentvolumes', 'update, patch', ''],
  ['claims', '', 'persistentvolumeclaims', 'create', ''],
  ['their status', '', 'persistentvolumes/status', 'update', ''],
  ['another group', 'example.com', 'persistentvolumes', 'create', ''],
  ['one that is named', '', 'persistentvolumes', 'create', 'pv-1'],
])('is silent for %s', async (_, group, resources, verbs, named) => {
  const text = clusterRoleWith({ group, resources, verbs, named });
  expect((await examine(check, text)).outcome).toBe('pass');
});
