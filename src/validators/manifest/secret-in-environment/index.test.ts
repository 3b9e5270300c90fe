import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const variable = (name: string) =>
  `  - {name: ${name}, valueFrom: {secretKeyRef: {name: s, key: k}}}`;

it('says once for a container how many there are, at the first', async () => {
  const { seen, messages } = await examine(
    check,
    podWith(`env:\n  - {name: A, value: b}\n${variable('B')}\n${variable('C')}`),
  );
  expect(seen).toEqual([{ messageId: 'variables', line: 13, column: 47 }]);
  expect(messages).toEqual(['container web has 2 of its variables from Secrets']);
});

it('finds whole Secrets', async () => {
  const { paths, messages } = await examine(
    check,
    podWith('', 'initContainers: [{name: i, envFrom: [{secretRef: {name: s}}]}]'),
  );
  expect(paths).toEqual(['spec.initContainers[0].envFrom[0].secretRef']);
  expect(messages).toEqual(['container i has some of its variables from Secrets']);
});

it.each([
  ['values', 'env: [{name: A, value: b}]'],
  ['ConfigMaps', 'envFrom: [{configMapRef: {name: c}}]'],
  ['a key of a ConfigMap', 'env: [{name: A, valueFrom: {configMapKeyRef: {name: c, key: k}}}]'],
  ['a reference to nothing', 'env: [{name: A, valueFrom: {secretKeyRef: }}]'],
])('is silent for %s', async (_, fields) => {
  expect((await examine(check, podWith(fields))).outcome).toBe('pass');
});
