import { expect, it } from 'vitest';
import { deploymentWith, documents, examine } from '../testing.ts';
import { check } from './index.ts';

const recreate = 'strategy: {type: Recreate}';
const rolling = (value: string, replicas = 3) =>
  `replicas: ${replicas}\nstrategy: {rollingUpdate: {maxUnavailable: ${value}}}`;
const ofKind = (kind: string, fields: string) =>
  deploymentWith('web', fields).replace('kind: Deployment', `kind: ${kind}`);
const volume = '      volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]\n';
const claim = (mode: string) =>
  `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [${mode}]}\n`;
const withVolume = (fields: string, ...more: string[]) =>
  documents(deploymentWith('web', fields) + volume, ...more);

it.each([
  ['Recreate', deploymentWith('web', recreate), 'recreate', 6, 20],
  [
    'Recreate with a volume for many nodes',
    withVolume(recreate, claim('ReadWriteMany')),
    'recreate',
    6,
    20,
  ],
  ['all in percent', deploymentWith('web', rolling('100%')), 'all-unavailable', 7, 46],
  ['all in number', deploymentWith('web', rolling('3')), 'all-unavailable', 7, 46],
  ['the only one', deploymentWith('web', rolling('1', 1)), 'all-unavailable', 7, 46],
  [
    'OnDelete of a DaemonSet',
    ofKind('DaemonSet', 'updateStrategy: {type: OnDelete}'),
    'on-delete',
    6,
    26,
  ],
  [
    'all of a DaemonSet',
    ofKind('DaemonSet', 'updateStrategy: {rollingUpdate: {maxUnavailable: 100%}}'),
    'all-unavailable',
    6,
    52,
  ],
  [
    'OnDelete of a StatefulSet',
    ofKind('StatefulSet', 'updateStrategy: {type: OnDelete}'),
    'on-delete',
    6,
    26,
  ],
  [
    'a partition over all',
    ofKind('StatefulSet', 'updateStrategy: {rollingUpdate: {partition: 2}}\nreplicas: 2'),
    'all-held-back',
    6,
    47,
  ],
])('finds %s', async (_, text, messageId, line, column) => {
  expect((await examine(check, text)).seen).toEqual([{ messageId, line, column }]);
});

it.each([
  ['the default', deploymentWith('web')],
  ['some unavailable', deploymentWith('web', rolling('2'))],
  [
    'a number of nodes',
    ofKind('DaemonSet', 'updateStrategy: {rollingUpdate: {maxUnavailable: 5}}'),
  ],
  [
    'a canary',
    ofKind('StatefulSet', 'updateStrategy: {rollingUpdate: {partition: 2}}\nreplicas: 3'),
  ],
  ['a volume for one node', withVolume(recreate, claim('ReadWriteOnce'))],
  ['a volume for one node, without a spare', withVolume(rolling('1', 1), claim('ReadWriteOnce'))],
  [
    'a port of the node',
    deploymentWith('web', recreate, 'ports: [{containerPort: 80, hostPort: 80}]'),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});

it('does not know the volumes of others', async () => {
  const { seen, outcome, notExamined } = await examine(check, withVolume(recreate));
  expect(seen).toEqual([]);
  expect(outcome).toBe('inconclusive');
  expect(notExamined).toEqual(['strategy of Deployment web']);
});
