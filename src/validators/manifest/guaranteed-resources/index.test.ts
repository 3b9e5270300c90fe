import { expect, it } from 'vitest';
import { documents, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['no limits', '', ['unlimited', 'unlimited'], 9, 7],
  [
    'another request',
    'resources: {requests: {cpu: 50m}, limits: {cpu: 1, memory: 1Gi}}',
    ['differ'],
    11,
    35,
  ],
])('finds %s', async (_, fields, ids, line, column) => {
  const { seen } = await examine(check, podWith(fields));
  expect(seen).toEqual(ids.map((messageId) => ({ messageId, line, column })));
});

it.each([
  ['limits alone', podWith('resources: {limits: {cpu: 1, memory: 1Gi}}')],
  [
    'one number written in two ways',
    podWith('resources: {requests: {cpu: 700m, memory: 1024Mi}, limits: {cpu: 0.7, memory: 1Gi}}'),
  ],
  ['resources of the pod', podWith('', 'resources: {limits: {cpu: 1, memory: 1Gi}}')],
  [
    'limits by default',
    documents(
      podWith(),
      'apiVersion: v1\nkind: LimitRange\nmetadata: {name: d}\nspec: {limits: [{type: Container, default: {cpu: 1, memory: 1Gi}}]}\n',
    ),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});

it('compares what it is asked to', async () => {
  const text = podWith('resources: {limits: {memory: 1Gi}}');
  expect((await examine(check, text, { resources: ['memory'] })).outcome).toBe('pass');
  expect((await examine(check, text)).seen).toHaveLength(1);
  expect((await examine(check, text, { resources: ['disk'] })).fault).toBe('config-invalid');
});
