import { expect, it } from 'vitest';
import { deploymentWith, documents, examine } from '../testing.ts';
import { check } from './index.ts';

const scaler = (fields = '', version = 'v2') =>
  `apiVersion: autoscaling/${version}\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec:\n  scaleTargetRef: {kind: Deployment, name: web}\n${fields && `  ${fields}\n`}`;
const target = 'target: {type: Utilization, averageUtilization: 70}';
const resource = (name: string) =>
  scaler(`metrics: [{type: Resource, resource: {name: ${name}, ${target}}}]`);
const ofContainer = (name: string) =>
  scaler(
    `metrics: [{type: ContainerResource, containerResource: {name: cpu, container: ${name}, ${target}}}]`,
  );
const requests = (list: string) => deploymentWith('web', '', `resources: {requests: {${list}}}`);
const sidecar = requests('cpu: 1').concat('        - name: side\n          image: side:1\n');

it.each([
  ['no CPU request', resource('cpu'), requests('memory: 1'), 'no-request', 6, 47],
  ['no memory request', resource('memory'), requests('cpu: 1'), 'no-request', 6, 47],
  ['a second container without', resource('cpu'), sidecar, 'no-request', 6, 47],
  ['the metric by default', scaler(), deploymentWith('web'), 'no-request', 5, 3],
  [
    'the first version of the API',
    scaler('targetCPUUtilizationPercentage: 70', 'v1'),
    deploymentWith('web'),
    'no-request',
    6,
    35,
  ],
  ['a container without', ofContainer('side'), sidecar, 'no-request', 6, 65],
  ['a container that is not there', ofContainer('other'), sidecar, 'no-container', 6, 81],
])('finds %s', async (_, autoscaler, workload, messageId, line, column) => {
  const { seen } = await examine(check, documents(autoscaler, workload));
  expect(seen).toEqual([{ messageId, line, column }]);
});

it.each([
  ['requests', resource('cpu'), requests('cpu: 1')],
  ['a limit', resource('cpu'), deploymentWith('web', '', 'resources: {limits: {cpu: 1}}')],
  ['the container that has one', ofContainer('web'), sidecar],
  [
    'an average value',
    scaler(
      'metrics: [{type: Resource, resource: {name: cpu, target: {type: AverageValue, averageValue: 1}}}]',
    ),
    deploymentWith('web'),
  ],
  [
    'metrics that the first version keeps beside',
    scaler('', 'v1').replace(
      'name: web}',
      "name: web, annotations: {autoscaling.alpha.kubernetes.io/metrics: '[]'}}",
    ),
    deploymentWith('web'),
  ],
  [
    'a metric of somebody else',
    scaler('metrics: [{type: External, external: {metric: {name: queue}}}]'),
    deploymentWith('web'),
  ],
  [
    'a default of a LimitRange',
    resource('cpu'),
    documents(
      deploymentWith('web'),
      'apiVersion: v1\nkind: LimitRange\nmetadata: {name: d}\nspec: {limits: [{type: Container, defaultRequest: {cpu: 1}}]}\n',
    ),
  ],
])('is silent for %s', async (_, autoscaler, workload) => {
  expect((await examine(check, documents(autoscaler, workload))).outcome).toBe('pass');
});

it('does not know the requests of what is not there', async () => {
  const { outcome, notExamined } = await examine(check, scaler());
  expect(outcome).toBe('inconclusive');
  expect(notExamined).toEqual(['Deployment web']);
});
