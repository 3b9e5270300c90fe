import { expect, it } from 'vitest';
import { deploymentWith, documents, examine } from '../testing.ts';
import { check } from './index.ts';

const budget = (selector: string, metadata = 'name: b') =>
  `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {${metadata}}\nspec: {maxUnavailable: 1${selector && `, selector: ${selector}`}}\n`;
const scaler = (fewest: number) =>
  `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec: {minReplicas: ${fewest}, scaleTargetRef: {kind: Deployment, name: web}}\n`;
const workload = deploymentWith('web', 'replicas: 3');
const inA = workload.replace('  name: web', '  namespace: a\n  name: web');

it.each([
  ['none', workload, 4],
  ['one for others', documents(workload, budget('{matchLabels: {app: api}}')), 4],
  ['one without a selector', documents(workload, budget('')), 4],
  ['one of another namespace', documents(inA, budget('{}', 'name: b, namespace: b')), 5],
  ['an autoscaler', documents(deploymentWith('web'), scaler(2)), 4],
  ['a StatefulSet', workload.replace('kind: Deployment', 'kind: StatefulSet'), 4],
])('finds %s', async (_, text, line) => {
  const { seen } = await examine(check, text);
  expect(seen).toEqual([{ messageId: 'missing', line, column: 9 }]);
});

it.each([
  ['labels', documents(workload, budget('{matchLabels: {app: web}}'))],
  [
    'expressions',
    documents(
      workload,
      budget('{matchExpressions: [{key: app, operator: In, values: [api, web]}]}'),
    ),
  ],
  ['the whole namespace', documents(inA, budget('{}', 'name: b, namespace: a'))],
  [
    'an unsaid namespace',
    documents(inA, budget('{matchExpressions: [{key: app, operator: Exists}]}')),
  ],
  ['one replica', deploymentWith('web')],
  ['an autoscaler down to one', documents(workload, scaler(1))],
  ['a DaemonSet', workload.replace('kind: Deployment', 'kind: DaemonSet')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});

it('does not know where a part was not read', async () => {
  const { seen, outcome } = await examine(check, documents(workload, 'a: b: c\n'));
  expect(seen).toEqual([]);
  expect(outcome).toBe('inconclusive');
});
