import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const own = (fields: string) => `securityContext: {${fields}}`;

it.each([
  ['runAsUser: 999', 'low', 'runAsUser is 999, below 10000: it may be in use on the node'],
  ['runAsGroup: 9999', 'low', 'runAsGroup is 9999, below 10000: it may be in use on the node'],
  ['runAsGroup: 0', 'root-group', 'runAsGroup has the group 0, which is that of root on the node'],
  ['fsGroup: 0', 'root-group', 'fsGroup has the group 0, which is that of root on the node'],
])('finds %s of the pod, once for all containers', async (fields, messageId, message) => {
  const text = podWith('', `${own(fields)}\ninitContainers: [{name: i}]`);
  const { seen, messages } = await examine(check, text);
  expect(seen).toEqual([{ messageId, line: 11, column: 21 + fields.indexOf(':') + 2 }]);
  expect(messages).toEqual([message]);
});

it('finds it for a container, and each group', async () => {
  const text = podWith(own('runAsUser: 1'), own('supplementalGroups: [20000, 0]'));
  const { paths } = await examine(check, text);
  expect(paths).toEqual([
    'spec.containers[0].securityContext.runAsUser',
    'spec.securityContext.supplementalGroups[1]',
  ]);
});

it.each([
  ['nothing', '', ''],
  ['high numbers', '', own('runAsUser: 10000, runAsGroup: 20000, fsGroup: 2000')],
  ['root, which has a rule', '', own('runAsUser: 0')],
  ['a low number that no container has', own('runAsUser: 20000'), own('runAsUser: 1000')],
  ['users of its own', own('runAsUser: 1000'), 'hostUsers: false'],
  ['Windows', own('runAsUser: 1000'), 'os: {name: windows}'],
])('is silent for %s', async (_, fields, podFields) => {
  expect((await examine(check, podWith(fields, podFields))).outcome).toBe('pass');
});
