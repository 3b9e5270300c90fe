import { expect, it } from 'vitest';
import { createGoReader } from './index.ts';

function read(bytes: Buffer, chunk: number) {
  const reader = createGoReader();
  for (let at = 0; at < bytes.length; at += chunk) reader.feed(bytes.subarray(at, at + chunk));
  return reader.end();
}

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
const text = (value: string) =>
  Buffer.concat([Buffer.from(varint(value.length)), Buffer.from(value)]);
const magic = Buffer.from('\xff Go buildinf:', 'latin1');
const mark = '0123456789abcdef';

/** The head of a program, something, and the information as Go writes it. */
function program(version: string, modules: string, before = Buffer.alloc(3000)): Buffer {
  return Buffer.concat([
    Buffer.from('\x7fELF', 'latin1'),
    before,
    magic,
    Buffer.from([8, 2]),
    Buffer.alloc(16),
    text(version),
    text(`${mark}${modules}${mark}`),
    Buffer.alloc(2000),
  ]);
}

const modules =
  'path\tshop/cmd\nmod\tshop\t(devel)\t\ndep\tgolang.org/x/net\tv0.50.0\th1:x=\ndep\told.example/a\tv1.0.0\th1:y=\n=>\tnew.example/a\tv1.1.0\th1:z=\nbuild\tCGO_ENABLED=0\n';
const expected = {
  packages: [
    { type: 'golang', name: 'stdlib', version: '1.26.8' },
    { type: 'golang', name: 'golang.org/x/net', version: 'v0.50.0' },
    { type: 'golang', name: 'new.example/a', version: 'v1.1.0' },
  ],
  unread: null,
};

it.each([1, 7, 512, 4096, 1_000_000])(
  'reads the modules of a program in pieces of %i bytes',
  (chunk) => {
    expect(read(program('go1.26.8', modules), chunk)).toEqual(expected);
  },
);

it('passes over the magic where it is only a text of the program', () => {
  const decoys = Buffer.concat([magic, Buffer.from([255, 255]), magic, Buffer.from([8, 2]), magic]);
  const before = Buffer.concat([decoys, Buffer.alloc(900, 'x'), ...Array(2000).fill(magic)]);
  expect(read(program('go1.26.8', modules, before), 1000)).toEqual(expected);
});

it.each([
  ['a script', Buffer.concat([Buffer.from('#!/bin/sh\n'), magic, Buffer.from([8, 2])])],
  ['another program', Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(9000)])],
  ['almost nothing', Buffer.from('\x7fEL', 'latin1')],
])('finds none in %s', (_, bytes) => {
  expect(read(bytes, 100)).toBeUndefined();
});

it('says when it cannot read the information', () => {
  const cut = program('go1.26.8', `${modules}${'dep\ta.example/b\tv1.0.0\n'.repeat(500)}`);
  expect(read(cut.subarray(0, 5000), 512)?.unread).toBe('its Go build information is cut off');
  const old = Buffer.concat([
    Buffer.from('\x7fELF', 'latin1'),
    magic,
    Buffer.from([8, 0]),
    Buffer.alloc(600),
  ]);
  expect(read(old, 512)?.unread).toMatch(/built by a Go before 1\.18/);
});
