import { expect, it } from 'vitest';
import { deploymentWith, documents, examine, podWith, setOf } from '../testing.ts';
import { check } from './index.ts';

const backend = 'apiVersion: shop.example/v1\nkind: Backend\nmetadata: {name: a}\n';
const definition =
  'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: backends.shop.example}\nspec: {group: shop.example, names: {kind: Backend}}\n';
const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\n';
const pod = podWith('', 'serviceAccountName: robot');
const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n';
const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';

it.each([
  ['a namespace', settings, namespace, 3, 32],
  ['a definition', backend, definition, 2, 7],
  ['the account of a pod', pod, account, 11, 23],
])('finds what comes before %s', async (_, early, needed, line, column) => {
  expect((await examine(check, documents(early, needed))).seen).toEqual([
    { messageId: 'too-early', line, column },
  ]);
  // Files count in their order, too.
  expect((await examine(check, setOf(early, needed))).seen).toHaveLength(1);
  expect((await examine(check, documents(needed, early))).outcome).toBe('pass');
});

it.each([
  [
    'a workload, which tries again',
    documents(
      deploymentWith('web').replace('containers:', 'serviceAccountName: robot\n      containers:'),
      account,
    ),
  ],
  ['what is not in the set', settings],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
