import { expect, it } from 'vitest';
import { deploymentWith, documents, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

it('points at the container that has none', async () => {
  const { seen, messages } = await examine(check, deploymentWith('web'));
  expect(seen).toEqual([{ messageId: 'missing', line: 15, column: 11 }]);
  expect(messages).toEqual(['container web requests no cpu and no memory']);
});

it('points at the requests that lack one', async () => {
  const text = deploymentWith('web', '', 'resources:\n  requests:\n    memory: 1Gi');
  const { seen, messages } = await examine(check, text);
  expect(seen).toEqual([{ messageId: 'missing', line: 18, column: 13 }]);
  expect(messages).toEqual(['container web requests no cpu']);
});

it('takes a null for nothing', async () => {
  const { seen } = await examine(check, podWith('resources: {requests: {cpu: , memory: 1Gi}}'));
  expect(seen).toHaveLength(1);
});

const limitRange = (limits: string) =>
  `apiVersion: v1\nkind: LimitRange\nmetadata: {name: d}\nspec: {limits: [${limits}]}\n`;

it.each([
  ['requests', podWith('resources: {requests: {cpu: 1, memory: 1Gi}}')],
  ['limits, which requests default to', podWith('resources: {limits: {cpu: 1, memory: 1Gi}}')],
  ['requests of the pod', podWith('', 'resources: {requests: {cpu: 1, memory: 1Gi}}')],
  [
    'defaults of a LimitRange',
    documents(
      podWith(),
      limitRange('{type: Container, defaultRequest: {cpu: 1}, default: {memory: 1Gi}}'),
    ),
  ],
  [
    'an init container that ends',
    podWith('resources: {requests: {cpu: 1, memory: 1}}', 'initContainers: [{name: i}]'),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});

it('does not take the LimitRange of another type', async () => {
  const text = documents(podWith(), limitRange('{type: Pod, default: {cpu: 1, memory: 1}}'));
  expect((await examine(check, text)).seen).toHaveLength(1);
});
