import { expect, it } from 'vitest';
import { documents, lookedUp, setOf } from '../testing.ts';
import { presenceOf } from './presence.ts';
import type { Wanted } from './reference.ts';

const secret = (metadata: string) => `apiVersion: v1\nkind: Secret\nmetadata: {${metadata}}\n`;
const wanted = (kind: string, name: string, namespace: string | null = 'shop'): Wanted => ({
  ...{ apiVersion: 'v1', kind, namespace, name },
});
const login = wanted('Secret', 'login');

it.each([
  ['of its namespace', 'name: login, namespace: shop', 'found'],
  ['without namespace', 'name: login', 'found'],
  ['of another namespace', 'name: login, namespace: trial', 'unknown'],
  ['that the server names', 'generateName: login', 'unknown'],
])('sees an object %s', (_, metadata, state) => {
  expect(presenceOf(setOf(secret(metadata)), login).state).toBe(state);
});

it('sees any version of the group, and no other group', () => {
  const set = setOf('apiVersion: apps/v1beta2\nkind: Deployment\nmetadata: {name: web}\n');
  const named = { kind: 'Deployment', namespace: null, name: 'web' };
  expect(presenceOf(set, { apiVersion: 'apps/v1', ...named }).state).toBe('found');
  expect(presenceOf(set, { apiVersion: 'v1', ...named }).state).toBe('unknown');
});

it.each([
  ['Secret/login', 'found'],
  ['Secret/shop/login', 'found'],
  ['Secret/trial/login', 'unknown'],
  ['Secret/log*', 'found'],
  ['Secret/*/l*n', 'found'],
  ['Secret/log.n', 'unknown'],
  ['*/login', 'found'],
  ['ConfigMap/login', 'unknown'],
])('believes %s', (text, state) => {
  const set = { ...setOf(secret('name: other')), external: [{ text }] };
  expect(presenceOf(set, login).state).toBe(state);
});

it('believes a namespace only where one is named', () => {
  const set = { ...setOf(secret('name: other')), external: [{ text: 'Secret/shop/login' }] };
  expect(presenceOf(set, { ...login, namespace: null }).state).toBe('unknown');
});

const all = (kind: string, names: string[], apiVersion = 'v1', namespace: string | null = null) =>
  names.map((name) => ({ apiVersion, kind, namespace, name }));

it.each([
  ...all('Namespace', ['default', 'kube-system', 'kube-public', 'kube-node-lease']),
  ...all('ServiceAccount', ['default'], 'v1', 'shop'),
  ...all('ConfigMap', ['kube-root-ca.crt'], 'v1', 'shop'),
  ...all('Service', ['kubernetes'], 'v1', 'default'),
  ...all('PriorityClass', ['system-cluster-critical'], 'scheduling.k8s.io/v1'),
  ...all(
    'ClusterRole',
    ['admin', 'edit', 'view', 'cluster-admin', 'system:node'],
    'rbac.authorization.k8s.io/v1',
  ),
])('knows that every cluster has $kind $name', (one) => {
  const set = lookedUp(secret('name: other'));
  expect(presenceOf(set, one)).toEqual({ state: 'found', contents: [] });
});

it.each([
  ...all('Namespace', ['kube-systems', 'my-default']),
  ...all('Service', ['kubernetes'], 'v1', 'shop'),
  ...all('ClusterRole', ['system', 'viewer'], 'rbac.authorization.k8s.io/v1'),
  ...all('ClusterRole', ['view'], 'example.com/v1'),
])('does not take $kind $name for one of those', (one) => {
  expect(presenceOf(setOf(secret('name: other')), one).state).toBe('unknown');
});

it('is absent only where a cluster says so and everything was read', () => {
  const pod =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {imagePullSecrets: [{name: login}]}\n';
  const asked = lookedUp(pod);
  expect(presenceOf(asked, login)).toEqual({ state: 'absent', place: 'the cluster' });
  expect(presenceOf(asked, wanted('Secret', 'never-asked')).state).toBe('unknown');
  const broken = { ...asked, complete: false };
  expect(presenceOf(broken, login)).toMatchObject({ why: expect.stringContaining('not read') });
  const { live: _, ...rest } = asked;
  expect(presenceOf({ ...rest, liveProblem: 'it is down' }, login)).toEqual({
    state: 'unknown',
    why: 'it is down',
  });
});

it('gives what is in the objects, all that may be meant', () => {
  const set = setOf(
    documents(secret('name: login, namespace: a'), secret('name: login, namespace: b')),
  );
  const found = presenceOf(set, { ...login, namespace: null });
  expect(found.state === 'found' && found.contents).toHaveLength(2);
});
