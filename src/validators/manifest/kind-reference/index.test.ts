import { expect, it } from 'vitest';
import { documents, examine, lookedUp } from '../testing.ts';
import { check } from './index.ts';

const backend = 'apiVersion: shop.example/v1\nkind: Backend\nmetadata: {name: a}\n';
const definition = (group: string) =>
  `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: backends.${group}}\nspec: {group: ${group}, names: {kind: Backend}}\n`;

it('finds a kind that a cluster does not serve, once', async () => {
  const { seen } = await examine(check, lookedUp(documents(backend, backend)));
  expect(seen).toEqual([{ messageId: 'missing-object', line: 2, column: 7 }]);
});

it.each([
  ['a kind of the set', documents(backend, definition('shop.example'))],
  [
    'a kind of Kubernetes',
    'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\n',
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, lookedUp(text))).outcome).toBe('pass');
});

it('wants the kind of its own group', async () => {
  const other = documents(backend, definition('other.example'));
  expect((await examine(check, lookedUp(other))).seen).toHaveLength(1);
});

it.each([
  ['CustomResourceDefinition/backends.shop.example', 0],
  ['CustomResourceDefinition/*.shop.example', 0],
  ['CustomResourceDefinition/*', 0],
  ['CustomResourceDefinition/backends.other.example', 1],
  ['Backend/a', 1],
])('takes the declaration %s as far as it goes', async (text, findings) => {
  const { live = [], ...set } = lookedUp(backend);
  const declared = { ...set, live, external: [{ text }] };
  expect((await examine(check, declared)).seen).toHaveLength(findings);
});

it('leaves it to manifest/schema to say that nobody was asked', async () => {
  expect((await examine(check, backend)).outcome).toBe('pass');
});
