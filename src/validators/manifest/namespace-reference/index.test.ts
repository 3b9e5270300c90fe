import { expect, it } from 'vitest';
import { documents, examine, lookedUp } from '../testing.ts';
import { check } from './index.ts';

const inNamespace = (namespace: string, name = 'a') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${namespace}}\n`;
const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';

it('finds a namespace that a cluster does not have, once', async () => {
  const text = documents(inNamespace('shop'), inNamespace('shop', 'b'));
  const { seen, messages } = await examine(check, lookedUp(text));
  expect(seen).toEqual([{ messageId: 'missing-object', line: 3, column: 32 }]);
  expect(messages).toEqual(['Namespace shop is neither in the manifests nor in the cluster']);
});

it.each([
  ['a namespace of the set', documents(inNamespace('shop'), namespace)],
  ['a namespace of every cluster', inNamespace('kube-system')],
  ['no namespace', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, lookedUp(text))).outcome).toBe('pass');
});

it('has nothing to say without a cluster', async () => {
  expect((await examine(check, inNamespace('shop'))).outcome).toBe('pass');
});
