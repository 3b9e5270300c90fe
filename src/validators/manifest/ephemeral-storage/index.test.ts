import { expect, it } from 'vitest';
import { documents, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['both', '', 9, 'container web has no request and no limit for ephemeral storage'],
  [
    'the limit',
    'resources: {requests: {ephemeral-storage: 1Gi}}',
    11,
    'container web has no limit for ephemeral storage',
  ],
])('finds that %s is missing', async (_, fields, line, message) => {
  const { seen, messages } = await examine(check, podWith(fields));
  expect(seen).toEqual([{ messageId: 'missing', line, column: 7 }]);
  expect(messages).toEqual([message]);
});

it.each([
  ['a limit, which is the request, too', podWith('resources: {limits: {ephemeral-storage: 1Gi}}')],
  [
    'defaults of a LimitRange',
    documents(
      podWith(),
      'apiVersion: v1\nkind: LimitRange\nmetadata: {name: d}\nspec: {limits: [{type: Container, default: {ephemeral-storage: 1Gi}}]}\n',
    ),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
