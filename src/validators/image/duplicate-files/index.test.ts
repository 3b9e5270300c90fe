import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { imageOf, saidOf } from '../testing.ts';
import { leastSummed } from '../wanted.ts';
import { check } from './index.ts';

const file = (path: string, letter = 'x', size = leastSummed) => ({
  path,
  content: letter.repeat(size),
});

it.each<[string, readonly (readonly unknown[])[], readonly string[]]>([
  ['in one layer', [[file('a'), file('b')]], ['same']],
  ['in several layers', [[file('a')], [file('b')]], ['same']],
  ['of another content', [[file('a'), file('b', 'y')]], []],
  ['of another size', [[file('a'), file('b', 'x', leastSummed + 1)]], []],
  ['of few bytes', [[file('a', 'x', leastSummed - 1), file('b', 'x', leastSummed - 1)]], []],
  ['by a hard link', [[file('a'), { path: 'b', type: 'hardlink', linkname: 'a' }]], []],
  ['by a symbolic link', [[file('a'), { path: 'b', type: 'symlink', linkname: 'a' }]], []],
  ['that a later layer hides', [[file('a'), file('b')], [{ path: '.wh.b' }]], []],
  ['by the same name', [[file('a')], [file('a')]], []],
])('a copy %s', async (_, layers, said) => {
  expect(await saidOf(check, { layers })).toEqual(said);
});

it('is told once, with the names of all', async () => {
  const image = await imageOf({}, [['a', 'b', 'c', 'd', 'e'].map((path) => file(`app/${path}`))]);
  const { findings } = await examine(check, image);
  expect(findings.map(({ message }) => message)).toEqual([
    '5 files are the same by size and CRC-32, 1.0 MB each: /app/a, /app/b, /app/c, /app/d …',
  ]);
});

it('may take what the option allows', async () => {
  const layers = [[file('a'), file('b')]];
  expect(await saidOf(check, { layers }, { wasted: leastSummed })).toEqual([]);
  expect(await saidOf(check, { layers }, { wasted: leastSummed - 1 })).toEqual(['same']);
});
