import { expect, it } from 'vitest';
import { elf, saidOf } from '../testing.ts';
import { check } from './index.ts';

const loader = '/lib64/ld-linux-x86-64.so.2';
const program = [
  { path: 'app', mode: '0755', content: elf(62, { loader, needed: ['libssl.so.3'] }) },
  { path: 'lib/libssl.so.3', content: elf(62, { needed: [] }) },
  { path: loader.slice(1), content: 'x' },
];
const glibc = (file: string) => [
  { path: 'app', mode: '0755', content: elf(62, { loader, needed: ['libc.so.6'] }) },
  { path: `lib/${file}`, content: elf(62, { needed: [] }) },
  { path: 'lib/libc.so.6', type: 'symlink', linkname: file },
  { path: loader.slice(1), content: 'x' },
];
const bundle = { path: 'etc/ssl/certs/ca-certificates.crt', content: 'x' };

it.each<[object, readonly unknown[], readonly string[]]>([
  [{ Env: ['TZ=Europe/Berlin'] }, [], ['time-zone']],
  [
    { Env: ['TZ=:Europe/Berlin'] },
    [{ path: 'usr/share/zoneinfo/Europe/Berlin', content: 'x' }],
    [],
  ],
  [{ Env: ['TZ=UTC'] }, [], []],
  [{ Env: ['TZ=CET-1CEST'] }, [], []],
  [{ Cmd: ['/app'] }, program, ['authorities']],
  [{ Cmd: ['/app'] }, [...program, bundle], []],
  [{ Cmd: ['/app'], Env: ['SSL_CERT_FILE=/certs/ca.pem'] }, program, []],
  [{ Cmd: ['/lib/libssl.so.3'] }, program, []],
  [{ Cmd: ['/app'] }, glibc('libc-2.31.so'), ['name-service']],
  [{ Cmd: ['/app'] }, [...glibc('libc-2.31.so'), { path: 'etc/nsswitch.conf', content: 'x' }], []],
  [{ Cmd: ['/app'] }, glibc('libc-new.so'), []],
  [{}, [], []],
])('says of %j', async (config, layer, ids) => {
  expect(await saidOf(check, { config, layers: [layer] })).toEqual(ids);
});
