import { describe, expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { imageOf, saidOf } from '../testing.ts';
import { check } from './index.ts';

const program = (path: string) => ({ path, mode: '0755', content: '#!/bin/sh\n' });
const status = (...names: string[]) => ({
  path: 'var/lib/dpkg/status',
  content: names.map((name) => `Package: ${name}\nVersion: 1\n`).join('\n'),
});
const list = (name: string, ...paths: string[]) => ({
  path: `var/lib/dpkg/info/${name}.list`,
  content: ['/.', ...paths, ''].join('\n'),
});
const apk = {
  path: 'lib/apk/db/installed',
  content: 'P:busybox\nV:1\nF:bin\nR:busybox\n\n',
};

it.each<[string, readonly unknown[], readonly string[]]>([
  ['by the list', [status('a'), list('a', '/usr/bin/a'), program('usr/bin/a')], []],
  ['where /usr is merged', [status('a'), list('a:amd64', '/bin/a'), program('usr/bin/a')], []],
  [
    'that is diverted',
    [
      status('a'),
      list('a', '/bin/a'),
      program('usr/bin/a.old'),
      { path: 'var/lib/dpkg/diversions', content: '/usr/bin/a\n/usr/bin/a.old\nb\n' },
    ],
    [],
  ],
  ['of nobody', [status('a'), list('a', '/usr/bin/a'), program('usr/sbin/b')], ['unowned']],
  ['that is none', [status('a'), list('a'), { path: 'usr/bin/notes', content: 'x' }], []],
  [
    'that is a link',
    [status('a'), list('a'), { path: 'bin/b', type: 'symlink', linkname: 'a' }],
    [],
  ],
  ['elsewhere', [status('a'), list('a'), program('usr/local/bin/b'), program('app/b')], []],
  ['by apk', [apk, program('bin/busybox')], []],
  ['of nobody, by apk', [apk, program('bin/busybox'), program('usr/bin/x')], ['unowned']],
  [
    'without dpkg itself',
    [
      { path: 'var/lib/dpkg/status.d/a', content: 'Package: a\nVersion: 1\n' },
      { path: 'var/lib/dpkg/status.d/a.md5sums', content: `${'0'.repeat(32)}  usr/bin/a\n` },
      ...[program('usr/bin/a'), program('usr/bin/b')],
    ],
    ['unowned'],
  ],
  ['without lists', [status('a', 'b'), list('a', '/bin/a'), program('bin/b')], ['not examined']],
  ['of no distribution', [program('bin/b')], ['skipped']],
])('a program %s', async (_, layer, said) => {
  expect(await saidOf(check, { layers: [layer] })).toEqual(said);
});

describe('what is found', () => {
  it('is told once for each layer', async () => {
    const image = await imageOf({}, [
      [status('a'), list('a', '/usr/bin/a'), program('usr/bin/a'), program('usr/bin/old')],
      [program('usr/bin/x'), program('usr/bin/y')],
    ]);
    const { findings } = await examine(check, image);
    expect(findings.map(({ location, message }) => [location.path, message.slice(0, 10)])).toEqual([
      ['/usr/bin/old', '1 programs'],
      ['/usr/bin/x', '2 programs'],
    ]);
  });

  it('goes when a later layer installs its package', async () => {
    const said = await saidOf(check, {
      layers: [
        [status('a'), list('a', '/usr/bin/a'), program('usr/bin/a'), program('usr/bin/b')],
        [status('a', 'b'), list('b', '/usr/bin/b')],
      ],
    });
    expect(said).toEqual([]);
  });
});
