import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

const folder = (path: string, mode: string, more = {}) => ({
  path,
  type: 'directory',
  mode,
  ...more,
});

it.each<[object, readonly unknown[], readonly string[]]>([
  [{ WorkingDir: '/app', User: '7' }, [folder('app', '0700')], ['closed']],
  [{ WorkingDir: '/app', User: '7' }, [folder('app', '0700', { uid: 7 })], []],
  [{ WorkingDir: '/app', User: '7:8' }, [folder('app', '0710', { gid: 8 })], []],
  [
    { WorkingDir: '/app/in', User: '7' },
    [folder('app', '0700'), folder('app/in', '0777')],
    ['closed'],
  ],
  [{ WorkingDir: '/app' }, [folder('app', '0000')], []],
  [{ WorkingDir: '/app' }, [{ path: 'app', content: 'x' }], ['not-a-folder']],
  [{ WorkingDir: 'app' }, [], ['relative']],
  [{ WorkingDir: '/made/later', User: '7' }, [], []],
  [{ WorkingDir: '/proc/1' }, [], ['system']],
  [{ WorkingDir: '/usr/bin/' }, [], ['system']],
  [{ WorkingDir: '/usr/src/app' }, [], []],
  [{}, [], []],
])('says of %j', async (config, layer, ids) => {
  expect(await saidOf(check, { config, layers: [layer] })).toEqual(ids);
});
