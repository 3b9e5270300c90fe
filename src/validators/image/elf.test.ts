import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createProgramReader, readProgram } from './program.ts';
import { elf } from './testing.ts';

/** Fed in pieces, since a layer brings a file in chunks of any size. */
function readInPieces(bytes: Buffer, size: number) {
  const reader = createProgramReader();
  for (let at = 0; at < bytes.length; at += size) reader.feed(bytes.subarray(at, at + size));
  return reader.end();
}

it('reads the Node.js that runs this, as ldd sees it', () => {
  const bytes = readFileSync(process.execPath);
  const program = readInPieces(bytes, 65_536);
  expect(program).toMatchObject({
    format: 'elf',
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    loader: expect.stringMatching(/^\/lib.*ld-linux/),
  });
  const libraries = program?.format === 'elf' ? program.libraries : undefined;
  const seen = execFileSync('ldd', [process.execPath], { encoding: 'utf8' });
  if (!libraries || libraries === 'unread') throw new Error('its libraries were not read');
  expect(libraries.needed).toContain('libc.so.6');
  for (const name of libraries.needed) expect(seen).toContain(name);
});

it('reads a library with its name', () => {
  const path = [
    '/lib/x86_64-linux-gnu/libm.so.6',
    '/lib/aarch64-linux-gnu/libm.so.6',
    '/lib64/libm.so.6',
  ].find((one) => existsSync(one));
  if (path === undefined) throw new Error('there is no libm.so.6 where distributions have it');
  expect(readProgram(readFileSync(path))).toMatchObject({
    libraries: { needed: expect.arrayContaining(['libc.so.6']), soname: 'libm.so.6' },
  });
});

const made = Buffer.from(
  elf(62, {
    loader: '/lib/ld-musl-x86_64.so.1',
    needed: ['libc.so', 'libpq.so.5'],
    runpath: '/opt',
  }),
  'latin1',
);

it.each([1, 7, 64, 1000, 4096, 100_000])('reads the same in pieces of %d bytes', (size) => {
  expect(readInPieces(made, size)).toEqual({
    format: 'elf',
    architecture: 'amd64',
    loader: '/lib/ld-musl-x86_64.so.1',
    libraries: { needed: ['libc.so', 'libpq.so.5'], rpath: '', runpath: '/opt', soname: '' },
  });
});

it.each([1, 1000, 5000])(
  'reads a dynamic section and names far behind, in pieces of %d bytes',
  (size) => {
    // Moved as patchelf moves them: the section, and behind it the names.
    const bytes = Buffer.concat([made, Buffer.alloc(20_000)]);
    made.copy(bytes, 10_000, 2048, 3072);
    made.copy(bytes, 12_000, 1024, 2048);
    bytes.writeBigUInt64LE(10_000n, 64 + 56 + 8);
    bytes.writeBigUInt64LE(20_000n, 64 + 2 * 56 + 32);
    for (let at = 10_000; at < 11_000; at += 16) {
      if (bytes.readBigUInt64LE(at) === 5n) bytes.writeBigUInt64LE(12_000n, at + 8);
    }
    expect(readInPieces(bytes, size)).toMatchObject({
      libraries: { needed: ['libc.so', 'libpq.so.5'], runpath: '/opt' },
    });
  },
);

it('says when it cannot tell', () => {
  const cut = Buffer.from(made);
  // The names would lie outside of every segment.
  cut.writeBigUInt64LE(16n, 64 + 2 * 56 + 32);
  expect(readProgram(cut)).toMatchObject({ libraries: 'unread' });
});

it('takes bytes of any kind', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const bytes = Buffer.from(made);
    let state = seed;
    for (let count = 0; count < 12; count++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      bytes[(state >>> 8) % bytes.length] = state & 255;
    }
    expect(() => readProgram(bytes)).not.toThrow();
  }
});
