import { expect, it } from 'vitest';
import { deploymentWith, documents, examine, lookedUp } from '../testing.ts';
import { check } from './index.ts';

const scaler = (target: string) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {maxReplicas: 3, scaleTargetRef: {${target}}}
`;
const web = scaler('apiVersion: apps/v1, kind: Deployment, name: web');

it('finds a target that a cluster does not have', async () => {
  const { seen, messages } = await examine(check, lookedUp(web));
  expect(seen).toEqual([{ messageId: 'missing-object', line: 4, column: 86 }]);
  expect(messages[0]).toContain('Deployment web');
});

it.each([
  ['another group', 'apiVersion: extensions/v1beta1, kind: Deployment, name: web', 53],
  ['no group', 'kind: Deployment, name: web', 40],
])('finds a target of %s', async (_, target, column) => {
  const { seen } = await examine(check, documents(deploymentWith('web'), scaler(target)));
  expect(seen).toEqual([{ messageId: 'wrong-group', line: 21, column }]);
});

it.each([
  ['a target of the set', documents(deploymentWith('web'), web)],
  [
    'another version of its group',
    documents(deploymentWith('web'), web.replace('apps/v1', 'apps/v2')),
  ],
  [
    'a custom resource of the set',
    documents(
      scaler('apiVersion: example.com/v1, kind: Pool, name: web'),
      'apiVersion: example.com/v1\nkind: Pool\nmetadata: {name: web}\n',
    ),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});

it.each([
  [
    'a VerticalPodAutoscaler',
    'apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: a}\nspec: {targetRef: {kind: Deployment, name: web}}\n',
  ],
  [
    'a ScaledObject',
    'apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: a}\nspec: {scaleTargetRef: {name: web}}\n',
  ],
])('knows what %s is for by its kind', async (_, text) => {
  expect((await examine(check, text)).notExamined).toEqual(['Deployment web']);
  expect((await examine(check, lookedUp(text))).seen).toHaveLength(1);
  expect((await examine(check, documents(deploymentWith('web'), text))).outcome).toBe('pass');
});
