import { expect, it } from 'vitest';
import { deploymentWith, documents, examine } from '../testing.ts';
import { check } from './index.ts';

const withVolume = (fields: string, modes?: string) =>
  documents(
    `${deploymentWith('web', fields)}      volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]\n`,
    ...(modes === undefined
      ? []
      : [
          `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [${modes}]}\n`,
        ]),
  );
const rolling = (fields: string) => `strategy: {rollingUpdate: {${fields}}}`;

it.each([
  ['for one pod', 'replicas: 1', 'ReadWriteOncePod', 'one-pod', 'error'],
  ['for one node', 'replicas: 1', 'ReadWriteOnce', 'one-node', 'warning'],
  [
    'with a share of nothing',
    rolling('maxUnavailable: 50%'),
    'ReadWriteOnce',
    'one-node',
    'warning',
  ],
])('finds a volume %s', async (_, fields, modes, messageId, severity) => {
  const { seen, severities } = await examine(check, withVolume(fields, modes));
  expect(seen).toEqual([{ messageId, line: 18, column: 62 }]);
  expect(severities).toEqual([severity]);
});

it.each([
  ['a volume for many nodes', withVolume('', 'ReadWriteOnce, ReadWriteMany')],
  ['Recreate', withVolume('strategy: {type: Recreate}', 'ReadWriteOncePod')],
  ['a pod that may go first', withVolume(rolling('maxUnavailable: 1'), 'ReadWriteOnce')],
  ['no surge', withVolume(rolling('maxSurge: 0, maxUnavailable: 1'), 'ReadWriteOnce')],
  ['no replicas', withVolume('replicas: 0', 'ReadWriteOncePod')],
  ['a claim that is not here', withVolume('')],
  [
    'a StatefulSet',
    withVolume('', 'ReadWriteOncePod').replace('kind: Deployment', 'kind: StatefulSet'),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
