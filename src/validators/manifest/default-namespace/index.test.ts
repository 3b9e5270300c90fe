import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { check } from './index.ts';

const object = (kind: string, namespace: string) =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: a\n${namespace && `  namespace: ${namespace}\n`}`;

it.each(['Pod', 'Service', 'Secret'])('finds a %s', async (kind) => {
  expect((await examine(check, object(kind, 'default'))).seen).toEqual([
    { messageId: 'default', line: 5, column: 14 },
  ]);
});

it.each([
  ['another namespace', object('Pod', 'shop')],
  ['none', object('Pod', '')],
  ['what guards it', object('NetworkPolicy', 'default')],
  ['the Namespace itself', object('Namespace', '').replace('name: a', 'name: default')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
