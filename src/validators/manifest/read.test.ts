import { expect, it } from 'vitest';
import { formatPath, listAt, partAt, recordAt, stringAt, stringsAt } from './read.ts';

it('formats paths as findings show them', () => {
  expect(formatPath([])).toBe('');
  expect(formatPath(['spec', 'containers', 0, 'image'])).toBe('spec.containers[0].image');
  expect(formatPath(['metadata', 'labels', 'a.b/c', 'd'])).toBe("metadata.labels['a.b/c'].d");
  expect(formatPath(['items', 2, "it's"])).toBe("items[2]['it\\'s']");
});

it('reads parts of the wrong type as absent', () => {
  const value = { list: 'x', record: [1], text: 3, labels: { a: 'b', c: 4 } };
  expect(listAt(value, 'list')).toEqual([]);
  expect(recordAt(value, 'record')).toEqual({});
  expect(stringAt(value, 'text')).toBeUndefined();
  expect([...stringsAt(value, 'labels')]).toEqual([['a', 'b']]);
});

it('reads own properties only', () => {
  expect(partAt({}, 'constructor')).toBeUndefined();
  expect(partAt('text', 'length')).toBeUndefined();
});
