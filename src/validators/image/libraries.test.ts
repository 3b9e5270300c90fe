import { expect, it } from 'vitest';
import { searchLibraries } from './libraries.ts';
import { elf, imageOf } from './testing.ts';

const amd64 = 62;
const glibc = '/lib64/ld-linux-x86-64.so.2';
const musl = '/lib/ld-musl-x86_64.so.1';
const file = (path: string, content = elf(amd64)) => ({ path, mode: '0755', content });
const text = (path: string, content: string) => ({ path, content });
const program = (loader: string, more: Parameters<typeof elf>[1] = {}) =>
  file('app/run', elf(amd64, { loader, needed: ['libapp.so'], ...more }));

async function missing(layer: readonly unknown[], config: object = {}) {
  const image = await imageOf({ ...config }, [layer]);
  const node = image.filesystem.lookup('app/run');
  if (!image.config || node?.entry.program?.format !== 'elf') throw new Error('no program');
  const { missing: all, unread } = searchLibraries(image, image.config, node, node.entry.program);
  return [
    ...all.map(({ library, by }) => `${library} for ${by.path}`),
    ...unread.map(({ file: { path } }) => `unread ${path}`),
  ];
}

it.each<[string, readonly unknown[], object?]>([
  ['a folder of the loader', [program(glibc), file('usr/lib/libapp.so')]],
  ['a folder of Debian', [program(glibc), file('lib/x86_64-linux-gnu/libapp.so')]],
  [
    'LD_LIBRARY_PATH',
    [program(glibc), file('opt/libapp.so')],
    { Env: ['LD_LIBRARY_PATH=/x:/opt'] },
  ],
  ['RUNPATH', [program(glibc, { runpath: '/opt' }), file('opt/libapp.so')]],
  ['$ORIGIN', [program(glibc, { runpath: '$ORIGIN/../lib' }), file('lib/libapp.so')]],
  ['$ORIGIN in braces', [program(glibc, { runpath: `$${'{ORIGIN}'}` }), file('app/libapp.so')]],
  [
    'ld.so.conf, which the cache is of',
    [
      program(glibc),
      text('etc/ld.so.conf', 'include /etc/ld.so.conf.d/*.conf\n'),
      text('etc/ld.so.conf.d/app.conf', '# ours\n/opt/lib\n'),
      text('etc/ld.so.cache', 'cache'),
      file('opt/lib/libapp.so'),
    ],
  ],
  ['a folder of musl', [program(musl), file('usr/local/lib/libapp.so')]],
  [
    'the path file of musl',
    [program(musl), text('etc/ld-musl-x86_64.path', '/opt/lib\n'), file('opt/lib/libapp.so')],
  ],
  [
    'a link',
    [
      program(glibc),
      file('opt/libapp.so.1'),
      { path: 'lib/libapp.so', type: 'symlink', linkname: '../opt/libapp.so.1' },
    ],
  ],
])('finds a library in %s', async (_, layer, config) => {
  expect(await missing(layer, config)).toEqual([]);
});

it.each<[string, readonly unknown[], readonly string[]]>([
  ['there is none', [program(glibc)], ['libapp.so for app/run']],
  [
    'it is for another processor',
    [program(glibc), file('lib/libapp.so', elf(40))],
    ['libapp.so for app/run'],
  ],
  [
    'ld.so.conf names its folder, and there is no cache of it',
    [program(glibc), text('etc/ld.so.conf', '/opt\n'), file('opt/libapp.so')],
    ['libapp.so for app/run'],
  ],
  ['musl does not look there', [program(musl), file('lib64/libapp.so')], ['libapp.so for app/run']],
  [
    'a library of a library is not there',
    [program(glibc), file('lib/libapp.so', elf(amd64, { needed: ['libz.so.1'] }))],
    ['libz.so.1 for lib/libapp.so'],
  ],
  [
    'the RUNPATH of the program does not count for libraries of libraries',
    [
      program(glibc, { runpath: '/opt' }),
      file('opt/libapp.so', elf(amd64, { needed: ['libz.so.1'] })),
      file('opt/libz.so.1'),
    ],
    ['libz.so.1 for opt/libapp.so'],
  ],
  ['nothing is known of the loader', [program('/system/bin/linker64')], ['unread app/run']],
])('says so when %s', async (_, layer, expected) => {
  expect(await missing(layer)).toEqual(expected);
});

it('inherits the RUNPATH with musl', async () => {
  const layer = [
    program(musl, { runpath: '/opt' }),
    file('opt/libapp.so', elf(amd64, { needed: ['libz.so.1', 'libc.musl-x86_64.so.1'] })),
    file('opt/libz.so.1'),
  ];
  expect(await missing(layer)).toEqual([]);
});

it('ends with libraries that need each other', async () => {
  const layer = [
    program(glibc),
    file('lib/libapp.so', elf(amd64, { needed: ['libb.so'] })),
    file('lib/libb.so', elf(amd64, { needed: ['libapp.so', 'libb.so'] })),
  ];
  expect(await missing(layer)).toEqual([]);
});
