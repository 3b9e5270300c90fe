import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

const file = (path: string, size: number, more = {}) => ({
  path,
  content: 'x'.repeat(size),
  ...more,
});
const large = 1_200_000;

it.each<[string, readonly unknown[], object, readonly string[]]>([
  ['nothing hidden', [[file('a', large)]], {}, []],
  ['little hidden', [[file('a', 5000)], [{ path: '.wh.a' }]], {}, []],
  ['much deleted', [[file('a', large)], [{ path: '.wh.a' }]], {}, ['wasted', 'deleted']],
  ['much replaced', [[file('a', large)], [file('a', 5)]], {}, ['wasted', 'overwritten']],
  [
    'another owner',
    [[file('a', large)], [file('a', large, { uid: 7 })]],
    {},
    ['wasted', 'copied-again'],
  ],
  ['a tenth', [[file('a', large), file('b', 20 * large)], [{ path: '.wh.a' }]], {}, []],
  ['less than allowed', [[file('a', large)], [{ path: '.wh.a' }]], { wasted: '2 MB' }, []],
  ['a share of its own', [[file('a', large)], [{ path: '.wh.a' }]], { share: 1 }, []],
  ['no share', [], { share: 10 }, ['config-invalid']],
])('says of %s', async (_, layers, options, ids) => {
  expect(await saidOf(check, { layers }, { ...options })).toEqual(ids);
});
