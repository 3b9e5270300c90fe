import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const env = (...entries: string[]) =>
  podWith(`env:\n${entries.map((entry) => `  - ${entry}`).join('\n')}`);
const secret = (key: string) => `{name: A, valueFrom: {secretKeyRef: {name: s, key: ${key}}}}`;

it.each([
  ['another value', ['{name: A, value: x}', '{name: B, value: x}', '{name: A, value: z}'], [12]],
  ['another source', [secret('a'), secret('b')], [12]],
  ['a value and a source', ['{name: A, value: x}', secret('a')], [12]],
  ['three values', ['{name: A, value: x}', '{name: A, value: z}', '{name: A, value: w}'], [12, 13]],
])('finds %s', async (_, entries, lines) => {
  const { seen } = await examine(check, env(...entries));
  expect(seen).toEqual(lines.map((line) => ({ messageId: 'hidden', line, column: 18 })));
});

it('names the line of the one that counts, and no value', async () => {
  const { messages } = await examine(check, env('{name: A, value: x}', '{name: A, value: z}'));
  expect(messages).toEqual(['variable A of container web is given another value in line 13']);
});

it.each([
  ['the same value', ['{name: A, value: x}', '{name: A, value: x}']],
  ['no value twice', ['{name: A}', '{name: A, value: ""}']],
  ['one that adds to the other', ['{name: A, value: x}', '{name: A, value: "$(A):y"}']],
  ['other names', ['{name: A, value: x}', '{name: a, value: z}']],
])('is silent for %s', async (_, entries) => {
  expect((await examine(check, env(...entries))).outcome).toBe('pass');
});
