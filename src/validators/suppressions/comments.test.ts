import { describe, expect, it } from 'vitest';
import { commentsIn, partsOf } from './comments.ts';
import { readReason } from './reason.ts';

const places = (text: string) =>
  commentsIn('a.yaml', text).map(({ line, column, about }) => [line, column, about]);

describe('a comment', () => {
  it.each([
    ['at the end of a line is about it', 'a: 1\nb: 2 # deploycheck-ignore x\nc: 3\n', [[2, 6, 2]]],
    ['above a line is about that', '# deploycheck-ignore x\na: 1\n', [[1, 1, 2]]],
    ['is indented as one likes', 'a:\n      # deploycheck-ignore x\n  b: 1\n', [[2, 7, 3]]],
    [
      'passes over comments, blank lines and the beginning of a document',
      '# deploycheck-ignore x\n# more\n\n--- # web\na: 1\n',
      [[1, 1, 5]],
    ],
    [
      'may stand above another',
      '# deploycheck-ignore x\n# deploycheck-ignore y\na: 1\n',
      [
        [1, 1, 3],
        [2, 1, 3],
      ],
    ],
    ['with nothing below is about nothing', 'a: 1\n# deploycheck-ignore x\n', [[2, 1, 0]]],
    ['stands within a flow map', 'a: {b: 1, # deploycheck-ignore x\n  c: 2}\n', [[1, 11, 1]]],
    ['stands after a block scalar', 'a: |\n  text\nb: 1 # deploycheck-ignore x\n', [[3, 6, 3]]],
    ['has no space after its sign', 'a: 1 #deploycheck-ignore x\n', [[1, 6, 1]]],
    ['ends with a carriage return', 'a: 1 # deploycheck-ignore x\r\nb: 2\r\n', [[1, 6, 1]]],
  ])('%s', (_, text, expected) => {
    expect(places(text)).toEqual(expected);
  });

  it.each([
    ['a block scalar', 'a: |\n  # deploycheck-ignore x\n'],
    ['a quoted scalar', 'a: "# deploycheck-ignore x"\n'],
    ['a quoted scalar of two lines', "a: 'b\n  # deploycheck-ignore x'\n"],
    ['a plain scalar', 'a: b#deploycheck-ignore x\n'],
    ['another comment', '# see # deploycheck-ignore x\n'],
    ['a key', 'deploycheck-ignore: 1\n'],
  ])('is not part of %s', (_, text) => {
    expect(places(text)).toEqual([]);
  });
});

it.each([
  [' manifest/a -- why', { rules: ['manifest/a'], reason: 'why' }],
  [': manifest/a -- why', { rules: ['manifest/a'], reason: 'why' }],
  [' manifest/a, manifest/b -- a -- b', { rules: ['manifest/a', 'manifest/b'], reason: 'a -- b' }],
  [' manifest/a manifest/b --', { rules: ['manifest/a', 'manifest/b'], reason: '' }],
  [' manifest/a', { rules: ['manifest/a'], reason: undefined }],
  [' manifest/a since it is old', { rules: ['manifest/a'], reason: undefined }],
  [' manifest/a--why', { rules: ['manifest/a--why'], reason: undefined }],
  ['-next-line manifest/a -- why', undefined],
  [' -- why', undefined],
  ['', undefined],
])('%j has the parts %j', (text, parts) => {
  expect(partsOf(text)).toEqual(parts);
});

it.each([
  ['a vendor image', { reason: 'a vendor image', until: null }],
  ['a vendor image until 2027-01-31', { reason: 'a vendor image', until: '2027-01-31' }],
  ['a vendor image; until 2027-01-31', { reason: 'a vendor image', until: '2027-01-31' }],
  ['a vendor image [until 2027-01-31]', { reason: 'a vendor image', until: '2027-01-31' }],
  ['x until 2027-01-31T08:00Z ', { reason: 'x', until: '2027-01-31T08:00Z' }],
  ['not until 2027-01-31 at all', { reason: 'not until 2027-01-31 at all', until: null }],
  ['until someone mends it', { reason: 'until someone mends it', until: null }],
  ['until 2027-01-31', { reason: '', until: '2027-01-31' }],
  ['x until 2027-02-30', { badDate: '2027-02-30' }],
  ['x until 31.01.2027', { badDate: '31.01.2027' }],
  ['x until 2027', { badDate: '2027' }],
])('%j is the reason %j', (text, reason) => {
  expect(readReason(text)).toEqual(reason);
});
