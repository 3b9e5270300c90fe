import { expect, it } from 'vitest';
import { documents, examine } from '../testing.ts';
import { check } from './index.ts';

const workload = (name: string, labels: string, selector = labels, kind = 'Deployment') =>
  `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec: {selector: {matchLabels: {${selector}}}, template: {metadata: {labels: {${labels}}}, spec: {}}}
`;
const service = (selector: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {${selector}}}\n`;

it('finds a workload that selects pods of another one', async () => {
  const text = documents(
    workload('web', 'app: shop'),
    workload('worker', 'app: shop, part: worker', 'app: shop, part: worker'),
  );
  const { seen, messages } = await examine(check, text);
  expect(seen).toEqual([{ messageId: 'other-pods', line: 4, column: 18 }]);
  expect(messages).toEqual([
    'the selector of Deployment web selects pods of Deployment worker, too',
  ]);
});

it('finds a Service over different things', async () => {
  const text = documents(
    service('release: r'),
    workload('web', 'release: r, app.kubernetes.io/component: web'),
    workload('worker', 'release: r, app.kubernetes.io/component: worker'),
  );
  expect((await examine(check, text)).seen).toEqual([
    { messageId: 'several-apps', line: 4, column: 18 },
  ]);
});

it.each([
  ['labels that differ', documents(workload('a', 'app: a'), workload('b', 'app: b'))],
  [
    'a canary behind the same Service',
    documents(
      service('app: web'),
      workload('web', 'app: web, track: stable'),
      workload('canary', 'app: web, track: canary'),
    ),
  ],
  [
    'other namespaces',
    documents(
      workload('a', 'app: web').replace('name: a', 'name: a, namespace: trial'),
      workload('b', 'app: web').replace('name: b', 'name: b, namespace: shop'),
    ),
  ],
  ['a workload written twice', documents(workload('a', 'app: web'), workload('a', 'app: web'))],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
