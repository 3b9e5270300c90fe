import { expect, it } from 'vitest';
import { documents, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const options = { labels: ['owner', 'tier'], annotations: ['example.com/email'] };

it('says what is missing once for labels and once for annotations', async () => {
  const { seen, messages } = await examine(check, podWith(), options);
  expect(seen).toEqual([
    { messageId: 'missing', line: 5, column: 3 },
    { messageId: 'missing', line: 4, column: 3 },
  ]);
  expect(messages).toEqual([
    'Pod web has no label owner, tier',
    'Pod web has no annotation example.com/email',
  ]);
});

it('asks for the usual label by default', async () => {
  expect((await examine(check, podWith())).messages).toEqual([
    'Pod web has no label app.kubernetes.io/name',
  ]);
  const { annotations } = options;
  expect((await examine(check, podWith(), { annotations })).seen).toHaveLength(1);
});

it('does not take an empty value', async () => {
  const text = podWith().replace('app: web', 'app: ""');
  expect((await examine(check, text, { labels: ['app'] })).seen).toHaveLength(1);
});

it.each([
  ['what is asked for', podWith(), { labels: ['app'] }],
  [
    'annotations',
    podWith().replace('labels:', 'annotations: {example.com/email: a@example.com}\n  labels:'),
    { annotations: ['example.com/email'] },
  ],
])('is silent for %s', async (_, text, given) => {
  expect((await examine(check, text, given)).outcome).toBe('pass');
});

it('looks at workloads alone', async () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n';
  const { seen } = await examine(check, documents(podWith(), service), { labels: ['app'] });
  expect(seen).toEqual([]);
});
