import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

const layers = [[{ path: 'a', content: 'x'.repeat(5000) }], [{ path: 'b', content: 'y' }]];
const many = Array.from({ length: 127 }, (_, at) => [{ path: `file${at}`, content: 'x' }]);

it.each<[object, readonly string[]]>([
  [{}, []],
  [{ unpacked: '1 MB', packed: '1MiB', layer: '1 gb', layers: 2 }, []],
  [{ unpacked: 8000 }, ['unpacked']],
  [{ packed: '8 kB' }, ['packed']],
  [{ layer: 5000 }, ['layer']],
  [{ layers: 1 }, ['layers']],
  [{ unpacked: 'little' }, ['config-invalid']],
  [{ unpacked: -1 }, ['config-invalid']],
])('keeps to %j', async (options, ids) => {
  expect(await saidOf(check, { layers }, { ...options })).toEqual(ids);
});

it('knows how many layers engines mount', async () => {
  expect(await saidOf(check, { layers: many })).toEqual(['too-many']);
  expect(await saidOf(check, { layers: many.slice(1) })).toEqual([]);
});
