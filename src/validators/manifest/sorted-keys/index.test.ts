import { expect, it } from 'vitest';
import { documents, examine } from '../testing.ts';
import { check } from './index.ts';

const map = (data: string, name = 'a') =>
  `apiVersion: v1\ndata: ${data}\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

it.each([
  ['a key', map('{b: x, a: y}'), 2, 14, 'a stands behind b'],
  ['a key in a list', map('{a: [1, {c: x, b: y}]}'), 2, 22, 'b stands behind c'],
  ['a capital letter', map('{a: x, B: y}'), 2, 14, 'B stands behind a'],
])('finds %s', async (_, text, line, column, message) => {
  const { seen, messages } = await examine(check, text);
  expect(seen).toEqual([{ messageId: 'unsorted', line, column }]);
  expect(messages).toEqual([message]);
});

it('names one key of each object', async () => {
  const text = documents(map('{c: x, b: y, a: z}'), map('{b: x, a: y}', 'b'));
  expect((await examine(check, text)).seen).toHaveLength(2);
});

it.each([
  ['sorted keys', map('{a: {a: x, b: y}, b: {}}')],
  ['keys that are numbers, whose order is not known', map('{"10": x, "9": y, a: z}')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
