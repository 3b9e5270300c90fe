import { expect, it } from 'vitest';
import { dpkg } from './index.ts';

const read = (text: string, isWhole = true) =>
  dpkg.read(Buffer.from(text), 'var/lib/dpkg/status', isWhole);

it('reads what is installed, and not what was removed', () => {
  const text = `Package: libc6
Status: install ok installed
Architecture: amd64
Version: 2.36-9+deb12u10
Description: GNU C Library
 Package: not-a-field
 .
 more

Package: old
Status: deinstall ok config-files
Version: 1.0

Package: held
Version: 1:2.0-1
Status: hold ok installed`;
  expect(read(text)).toEqual({
    packages: [
      { type: 'deb', name: 'libc6', version: '2.36-9+deb12u10' },
      { type: 'deb', name: 'held', version: '1:2.0-1' },
    ],
    unread: null,
  });
});

it('reads a file of one package, which has no status', () => {
  expect(read('Package: base-files\nVersion: 12.4\n').packages).toHaveLength(1);
});

it('leaves out what may be cut off, and says so', () => {
  const text = 'Package: a\nVersion: 1\n\nPackage: b\nVersion: 1.';
  expect(read(text, false)).toEqual({
    packages: [{ type: 'deb', name: 'a', version: '1' }],
    unread: 'it is longer than what is read of such a file',
  });
});

it.each([
  ['var/lib/dpkg/status', true],
  ['var/lib/dpkg/status.d/base', true],
  ['var/lib/dpkg/status.d/base.md5sums', true],
  ['var/lib/dpkg/info/base.list', true],
  ['var/lib/dpkg/info/base.postinst', false],
  ['var/lib/dpkg/status-old', false],
  ['app/var/lib/dpkg/status', false],
])('wants %s: %s', (path, wanted) => {
  expect(dpkg.wants(path) > 0).toBe(wanted);
});

it.each([
  [
    'info/tool:amd64.list',
    '/.\n/usr\n/usr/bin\n/usr/bin/tool\n/sbin/toold\n/usr/share/doc/tool\n/usr/bin/a/b\n',
  ],
  ['status.d/tool.md5sums', `${'0a'.repeat(16)}  usr/bin/tool\n${'0b'.repeat(16)}  sbin/toold\n`],
])('reads from %s which programs are whose', (file, text) => {
  expect(dpkg.read(Buffer.from(text), `var/lib/dpkg/${file}`, true)).toEqual({
    packages: [],
    programs: ['bin/tool', 'sbin/toold'],
    unread: null,
  });
});
