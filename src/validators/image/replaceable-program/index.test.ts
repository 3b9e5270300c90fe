import { expect, it } from 'vitest';
import { staticProgram } from '../places.ts';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

const config = { User: '7:8', Cmd: ['run'], Env: ['PATH=/app/bin:/usr/bin'] };
const program = { path: 'usr/bin/run', ...staticProgram };
const folder = (path: string, more = {}) => ({ path, type: 'directory', mode: '0755', ...more });

it.each<[string, readonly unknown[], object, readonly string[]]>([
  ['root has all of it', [program], {}, []],
  ['it has the program', [{ ...program, uid: 7 }], {}, ['program']],
  ['its group may write', [{ ...program, gid: 8, mode: '0775' }], {}, ['program']],
  [
    'it has the folder',
    [folder('usr/bin', { uid: 7 }), program],
    {},
    ['program-folder', 'path-folder'],
  ],
  ['it has a folder of the PATH', [folder('app/bin', { uid: 7 }), program], {}, ['path-folder']],
  ['it is root', [{ ...program, uid: 7 }], { User: '' }, []],
])('says when %s', async (_, layer, more, ids) => {
  expect(await saidOf(check, { config: { ...config, ...more }, layers: [layer] })).toEqual(ids);
});
