import { expect, it } from 'vitest';
import { deploymentWith, documents, examine } from '../testing.ts';
import { check } from './index.ts';

const scaler = (fields: string, name = 'web') =>
  `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: ${name}}\nspec:\n  ${fields}\n  scaleTargetRef: {kind: Deployment, name: ${name}}\n`;
const stateful = (fields: string) =>
  deploymentWith('db', fields).replace('kind: Deployment', 'kind: StatefulSet');
const claims = 'volumeClaimTemplates: [{metadata: {name: data}}]';

it.each([
  ['one replica', deploymentWith('web', 'replicas: 1'), 'few', 6, 13, 'warning'],
  ['the default', deploymentWith('web'), 'few', 6, 3, 'warning'],
  ['a StatefulSet', stateful('replicas: 1'), 'few', 6, 13, 'warning'],
  ['a database', stateful(`replicas: 1\n${claims}`), 'stateful', 6, 13, 'info'],
  ['an autoscaler', scaler('minReplicas: 1'), 'scaled', 5, 16, 'warning'],
  ['the default of an autoscaler', scaler('maxReplicas: 3'), 'scaled', 5, 3, 'warning'],
  [
    'an autoscaler of many replicas',
    documents(scaler('minReplicas: 1'), deploymentWith('web', 'replicas: 5')),
    'scaled',
    5,
    16,
    'warning',
  ],
])('finds %s', async (_, text, messageId, line, column, severity) => {
  const { seen, severities } = await examine(check, text);
  expect(seen).toEqual([{ messageId, line, column }]);
  expect(severities).toEqual([severity]);
});

it.each([
  ['two replicas', deploymentWith('web', 'replicas: 2')],
  ['a workload switched off', deploymentWith('web', 'replicas: 0')],
  ['one that must be alone', deploymentWith('web', 'strategy: {type: Recreate}')],
  ['an autoscaler that keeps two', documents(scaler('minReplicas: 2'), deploymentWith('web'))],
  [
    'KEDA, which may scale to zero',
    documents(
      'apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: a}\nspec: {scaleTargetRef: {name: web}}\n',
      deploymentWith('web'),
    ),
  ],
  [
    'a volume for one node',
    documents(
      `${deploymentWith('web')}      volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]\n`,
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteOnce]}\n',
    ),
  ],
  ['a DaemonSet', deploymentWith('web').replace('kind: Deployment', 'kind: DaemonSet')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});

it('takes another minimum', async () => {
  const text = deploymentWith('web', 'replicas: 2');
  expect((await examine(check, text, { minimum: 3 })).messages).toEqual([
    'Deployment web runs 2 of at least 3 replicas',
  ]);
  expect((await examine(check, text, { minimum: 'x' })).fault).toBe('config-invalid');
});
