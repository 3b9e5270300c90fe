import { expect, it } from 'vitest';
import { documents, examine, lookedUp } from '../testing.ts';
import { check } from './index.ts';

const set = (serviceName: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  ${serviceName}
  template:
    metadata: {labels: {app: db, tier: data}}
    spec: {containers: [{name: db}]}
`;
const service = (spec: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {${spec}}\n`;
const named = set('serviceName: db');

it.each([
  ['an address', 'selector: {app: db}', 'not-headless'],
  ['other pods', 'clusterIP: None, selector: {app: web}', 'other-pods'],
])('finds a Service with %s', async (_, spec, messageId) => {
  const { seen } = await examine(check, documents(named, service(spec)));
  expect(seen).toEqual([{ messageId, line: 5, column: 16 }]);
});

it('finds a Service that a cluster does not have, and judges one that it has', async () => {
  expect((await examine(check, lookedUp(named))).seen).toEqual([
    { messageId: 'missing-object', line: 5, column: 16 },
  ]);
  const live = { 'Service db': { spec: { clusterIP: '10.0.0.7', selector: { app: 'db' } } } };
  expect((await examine(check, lookedUp(named, live))).seen).toEqual([
    { messageId: 'not-headless', line: 5, column: 16 },
  ]);
});

it.each([
  ['a headless Service', documents(named, service('clusterIP: None, selector: {app: db}'))],
  ['endpoints that somebody else makes', documents(named, service('clusterIP: None'))],
  ['no Service', set('replicas: 1')],
  ['an empty name', set('serviceName: ""')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});

it('has not examined a Service that is not in the set', async () => {
  expect((await examine(check, named)).notExamined).toEqual(['Service db']);
});
