import { expect, it } from 'vitest';
import { deploymentWith, documents, examine } from '../testing.ts';
import { check } from './index.ts';

const scaler = (kind = 'Deployment', metadata = 'name: s') =>
  `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {${metadata}}\nspec: {scaleTargetRef: {kind: ${kind}, name: web}}\n`;
const scaled =
  'apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: k}\nspec: {scaleTargetRef: {name: web}}\n';
const fixed = deploymentWith('web', 'replicas: 3');

it.each([
  ['HorizontalPodAutoscaler s', scaler()],
  ['HorizontalPodAutoscaler s', scaler().replace('v2', 'v1')],
  ['ScaledObject k', scaled],
])('finds a number that undoes %s', async (name, text) => {
  const { seen, messages } = await examine(check, documents(fixed, text));
  expect(seen).toEqual([{ messageId: 'fixed', line: 6, column: 13 }]);
  expect(messages).toEqual([`replicas: 3 undoes what ${name} chose, each time it is applied`]);
});

it.each([
  ['no number', documents(deploymentWith('web'), scaler())],
  ['a null', documents(deploymentWith('web', 'replicas:'), scaler())],
  ['the autoscaler of another kind', documents(fixed, scaler('StatefulSet'))],
  [
    'the autoscaler of another namespace',
    documents(
      fixed.replace('  name: web', '  name: web\n  namespace: a'),
      scaler('Deployment', 'name: s, namespace: b'),
    ),
  ],
  ['no autoscaler', fixed],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
