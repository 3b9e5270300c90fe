import { expect, it } from 'vitest';
import { documents, examine } from '../testing.ts';
import { check } from './index.ts';

const namespace = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`;
const inside = (kind: string, place: string) =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: x${place}}\n`;

it('finds what each namespace lacks', async () => {
  const text = documents(
    namespace('a'),
    namespace('b'),
    inside('ResourceQuota', ', namespace: a'),
    inside('LimitRange', ', namespace: b'),
  );
  const { seen } = await examine(check, text);
  expect(seen).toEqual([
    { messageId: 'no-quota', line: 9, column: 9 },
    { messageId: 'no-limit-range', line: 4, column: 9 },
  ]);
});

it('is silent where they may be, and where no Namespace is made', async () => {
  const quotas = [inside('ResourceQuota', ''), inside('LimitRange', '')];
  expect((await examine(check, documents(namespace('a'), ...quotas))).outcome).toBe('pass');
  expect((await examine(check, documents(...quotas))).outcome).toBe('pass');
});

it('does not know where a part was not read', async () => {
  const { seen, outcome } = await examine(check, documents(namespace('a'), 'a: b: c\n'));
  expect(seen).toEqual([]);
  expect(outcome).toBe('inconclusive');
});
