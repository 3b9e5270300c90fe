import { describe, expect, it } from 'vitest';
import { quickValues } from './quick-yaml.ts';

describe('the quick reading', () => {
  it('is what the API server makes of scalars', () => {
    const text = 'a: yes\nb: 0644\nc: "0644"\nd: ~\non: 12:30\n---\n- 1_000\n- 1e3\n- 1.2.3\n';
    expect(quickValues(text)).toEqual([
      { a: true, b: 420, c: '0644', d: null, true: '12:30' },
      [1000, 1000, '1.2.3'],
    ]);
  });

  it.each([
    ['an alias', 'a: &x 1\nb: *x\n'],
    ['a merge', '<<: {a: 1}\n'],
    ['a key twice', 'a: 1\na: 2\n'],
    ['a key twice, once as a number', '1: a\n"1": b\n'],
    ['a key that is a list', '? [a]\n: b\n'],
    ['a key that is nothing', '~: b\n'],
    ['a tag', 'a: !x 1\n'],
    ['a tab', 'a:\n\t- 1\n'],
    ['lines that end otherwise', 'a: 1\r\nb: 2\r\n'],
    ['the prototype', '__proto__: {polluted: true}\n'],
    ['more depth than is allowed', '['.repeat(201) + ']'.repeat(201)],
    ['depth that would break a stack', '['.repeat(100_000)],
    ['an error', 'a: [1\n'],
  ])('does not answer for %s', (_, text) => {
    expect(quickValues(text)).toBeUndefined();
  });
});
