import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

it.each<[object, readonly string[]]>([
  [{ mode: '0666' }, ['file']],
  [{ mode: '0664' }, []],
  [{ mode: '0777', type: 'directory' }, ['folder']],
  [{ mode: '1777', type: 'directory' }, []],
  [{ mode: '0777', type: 'symlink', linkname: 'x' }, []],
])('says of %j', async (file, ids) => {
  expect(await saidOf(check, { layers: [[{ path: 'a', content: 'x', ...file }]] })).toEqual(ids);
});
