import { expect, it } from 'vitest';
import { deploymentWith, documents, examine } from '../testing.ts';
import { check } from './index.ts';

const budget = (field: string) =>
  `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: web\nspec:\n  ${field}\n  selector:\n    matchLabels:\n      app: web\n`;
const scaler =
  'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec: {minReplicas: 4, scaleTargetRef: {kind: Deployment, name: web}}\n';
const scaledToZero =
  'apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: web}\nspec: {scaleTargetRef: {name: web}}\n';
const replicas = (count: number) => deploymentWith('web', `replicas: ${count}`);

it.each([
  ['all replicas', 'minAvailable: 3', replicas(3), 'all-needed', 17],
  ['more than there are', 'minAvailable: 5', replicas(3), 'all-needed', 17],
  ['the single replica of the default', 'minAvailable: 1', deploymentWith('web'), 'all-needed', 17],
  ['all in percent', 'minAvailable: 100%', replicas(3), 'all-needed', 17],
  ['a percentage rounded up to all', 'minAvailable: 70%', replicas(3), 'all-needed', 17],
  [
    'the fewest of an autoscaler',
    'minAvailable: 4',
    documents(replicas(9), scaler),
    'all-needed',
    17,
  ],
  ['all of pods that are not here', 'minAvailable: 100%', '', 'all-percent', 17],
  ['none unavailable', 'maxUnavailable: 0', '', 'none-unavailable', 19],
  ['none unavailable in percent', 'maxUnavailable: 0%', '', 'none-unavailable', 19],
])('finds a budget that needs %s', async (_, field, workload, messageId, column) => {
  const { seen } = await examine(check, documents(budget(field), workload));
  expect(seen).toEqual([{ messageId, line: 6, column }]);
});

it.each([
  ['a replica to spare', 'minAvailable: 2', replicas(3)],
  ['a percentage to spare', 'minAvailable: 60%', replicas(3)],
  ['one unavailable', 'maxUnavailable: 1', replicas(1)],
  ['one percent unavailable, rounded up', 'maxUnavailable: 1%', replicas(1)],
  ['a workload that is not here', 'minAvailable: 3', deploymentWith('api')],
  ['a workload switched off', 'minAvailable: 1', replicas(0)],
  ['all of a workload switched off', 'minAvailable: 100%', replicas(0)],
  ['an autoscaler to zero', 'minAvailable: 1', documents(replicas(1), scaledToZero)],
  ['the sum of two workloads', 'minAvailable: 2', documents(replicas(2), replicas(1))],
  ['an autoscaler that keeps more', 'minAvailable: 3', documents(replicas(1), scaler)],
])('is silent for %s', async (_, field, workload) => {
  expect((await examine(check, documents(budget(field), workload))).outcome).toBe('pass');
});

it('finds the second budget of a pod, however it selects', async () => {
  const byExpression = budget('maxUnavailable: 1')
    .replace('name: web', 'name: more')
    .replace(
      'matchLabels:\n      app: web',
      'matchExpressions: [{key: app, operator: In, values: [web]}]',
    );
  const text = documents(replicas(3), budget('maxUnavailable: 1'), byExpression);
  const { seen, messages } = await examine(check, text);
  expect(seen).toEqual([{ messageId: 'second-budget', line: 35, column: 3 }]);
  expect(messages).toEqual([
    'PodDisruptionBudget more selects the pods of Deployment web, as web does; pods of two budgets cannot be evicted',
  ]);
});

it('takes no pods of another namespace or an unsaid one, and none without a selector', async () => {
  const elsewhere = budget('maxUnavailable: 1').replace(
    '  name: web',
    '  name: web\n  namespace: b',
  );
  const here = budget('maxUnavailable: 1').replace('  name: web', '  name: web\n  namespace: a');
  const workload = replicas(3).replace('  name: web', '  name: web\n  namespace: a');
  const none =
    'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: n}\nspec: {maxUnavailable: 1}\n';
  const { outcome } = await examine(
    check,
    documents(workload, here, elsewhere, none, budget('maxUnavailable: 1')),
  );
  expect(outcome).toBe('pass');
});
