import { expect, it } from 'vitest';
import { apk } from './index.ts';

it('reads the installed packages', () => {
  const text =
    'C:Q1abc=\nP:musl\nV:1.2.5-r9\nA:x86_64\nF:lib\nR:libc.musl\n\nP:busybox\nV:1.37.0-r12\n\n';
  expect(apk.read(Buffer.from(text), 'lib/apk/db/installed', true).packages).toEqual([
    { type: 'apk', name: 'musl', version: '1.2.5-r9' },
    { type: 'apk', name: 'busybox', version: '1.37.0-r12' },
  ]);
});

it.each([
  ['lib/apk/db/installed', true],
  ['usr/lib/apk/db/installed', true],
  ['lib/apk/db/scripts.tar', false],
])('wants %s: %s', (path, wanted) => {
  expect(apk.wants(path) > 0).toBe(wanted);
});

it('reads which programs are whose', () => {
  const text =
    'P:busybox\nV:1\nF:bin\nR:busybox\na:0:0:755\nF:usr/sbin\nR:tool\nF:usr/share\nR:x\nF:\nR:y\n\n';
  expect(apk.read(Buffer.from(text), 'lib/apk/db/installed', true).programs).toEqual([
    'bin/busybox',
    'sbin/tool',
  ]);
});
