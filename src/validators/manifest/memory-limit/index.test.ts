import { expect, it } from 'vitest';
import { documents, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['nothing', '', 9, 7],
  ['a request', 'resources: {requests: {memory: 1Gi}}', 11, 18],
  ['a null', 'resources: {limits: {memory: }}', 11, 19],
  ['a CPU limit', 'resources:\n  limits:\n    cpu: 1', 12, 9],
])('does not take %s for a memory limit', async (_, fields, line, column) => {
  const { seen } = await examine(check, podWith(fields));
  expect(seen).toEqual([{ messageId: 'missing', line, column }]);
});

const limitRange = (limits: string, namespace = '') =>
  `apiVersion: v1\nkind: LimitRange\nmetadata: {name: d${namespace}}\nspec: {limits: [${limits}]}\n`;

it.each([
  ['its own', podWith('resources: {limits: {memory: 1Gi}}')],
  ['that of the pod', podWith('', 'resources: {limits: {memory: 1Gi}}')],
  ['a default', documents(podWith(), limitRange('{type: Container, default: {memory: 1Gi}}'))],
  ['a maximum', documents(podWith(), limitRange('{type: Container, max: {memory: 1Gi}}'))],
  [
    'an init container that ends',
    podWith('resources: {limits: {memory: 1Gi}}', 'initContainers: [{name: i, image: i:1}]'),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});

it.each([
  ['a default request', limitRange('{type: Container, defaultRequest: {memory: 1Gi}}')],
  ['another namespace', limitRange('{type: Container, default: {memory: 1}}', ', namespace: b')],
])('does not take the LimitRange of %s', async (_, range) => {
  const here = podWith().replace('  name: web', '  name: web\n  namespace: a');
  expect((await examine(check, documents(here, range))).seen).toHaveLength(1);
});
