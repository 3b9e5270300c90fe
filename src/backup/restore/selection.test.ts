import { expect, it } from 'vitest';
import { selectionOf, tableNamed } from './selection.ts';

it.each([
  ['public.orders', 'public', 'orders'],
  ['"a.b"."c ""d"""', 'a.b', 'c "d"'],
  ['Sales."Odd $name\ntwo"', 'Sales', 'Odd $name\ntwo'],
])('a table is named as %j', (text, schema, name) => {
  expect(tableNamed(text)).toEqual({ schema, name });
});

it.each(['orders', '', '.', 'a.b.c', 'a."b', 'a.""', '"a"b.c'])('%j names no table', (text) => {
  expect(() => tableNamed(text)).toThrow(expect.objectContaining({ code: 'usage-invalid' }));
});

it('nothing named is all', () => {
  expect(selectionOf()).toBeNull();
  expect(selectionOf([], ['a'])).toEqual({ tables: [], schemas: ['a'] });
});
