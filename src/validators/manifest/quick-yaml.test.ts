import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../config/yaml-source.ts';
import { quickValues } from './quick-yaml.ts';
import { kubernetesScalars } from './yaml-scalars.ts';

const slowValues = (text: string) => {
  const documents = parseYaml(text, { schema: kubernetesScalars });
  return documents.some(({ problems }) => problems.length > 0)
    ? undefined
    : documents.map(({ value }) => value);
};
const notEmpty = (values: readonly unknown[] | undefined) =>
  values?.filter((value) => value !== null && value !== undefined);

/** Every construct that manifests are written with, and some that they are not. */
const sample = `# a comment
apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {"app.kubernetes.io/name": 'it''s', empty: }}
data:
  literal: |
    one
      two

    three
  kept: |+
    text

  folded: >-
    one
    two

      more

    three
  "double": "a\\n\\u00e9\\x41 \\
    b"
  plain: goes
    on

    after a line
spec:
- 1
- - 0o17
  - 0x1F
- name: x   # behind
  yes: no
  1: 1_000
  none: ~
? key
: value
...
---
- [1, {a: b}, "c", [], {}]
- -.5
--- text
---
# nothing
---
on: 12:30
`;

/** What changes the meaning of a text, or breaks it. */
const piece = fc.constantFrom(
  ...[' ', '  ', '\n', '\n\n', ':', ': ', '-', '- ', '#', ' #', '"', "'", '|', '>', '|+', '>-'],
  ...['[', ']', '{', '}', ',', '?', '? ', '&a ', '*a', '!!str ', '!', '%', '@', '`', '\t', '\r\n'],
  ...['---\n', '...\n', '~', 'null', 'yes', '0x1', '1e3', '<<: ', '\\', '\\\n', 'é', '\u00a0'],
  ...['__proto__: 1\n', '1: 2\n', '"\\x41"', 'a', '\ufeff', '%YAML 1.1\n'],
);
const edit = fc.record({
  at: fc.nat(),
  cut: fc.integer({ min: 0, max: 4 }),
  piece,
  isCut: fc.boolean(),
});
const texts = fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) =>
  edits.reduce((text, { at, cut, piece: added, isCut }) => {
    const from = at % (text.length + 1);
    return text.slice(0, from) + (isCut ? '' : added) + text.slice(from + (isCut ? cut : 0));
  }, sample),
);

describe('the quick reading', () => {
  it('answers for what manifests are written with', () => {
    expect(quickValues(sample)).toBeDefined();
    expect(notEmpty(quickValues(sample))).toEqual(notEmpty(slowValues(sample)));
  });

  it('is that of the parser which knows positions, or none', () => {
    let answered = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const quick = quickValues(text);
        if (!quick) return;
        answered += 1;
        expect(notEmpty(quick)).toEqual(notEmpty(slowValues(text)));
      }),
      { numRuns: 1500, seed: 20_261_122 },
    );
    expect(answered).toBeGreaterThan(300);
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
