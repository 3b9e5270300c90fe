import { execFileSync } from 'node:child_process';
import { mkdir, open, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeTar } from './recipe.ts';
import { createTarParser, type TarEntry, TarError } from './tar.ts';
import { temporaryFolder } from './testing.ts';

interface Read extends TarEntry {
  readonly content: string;
}

function read(archive: Uint8Array, chunkSize = archive.length): Read[] {
  const entries: { entry: TarEntry; parts: Buffer[] }[] = [];
  const parser = createTarParser({
    entry: (entry) => entries.push({ entry, parts: [] }),
    data: (chunk) => entries.at(-1)?.parts.push(Buffer.from(chunk)),
    end: () => {},
  });
  for (let at = 0; at < archive.length; at += chunkSize) {
    parser.write(archive.subarray(at, at + chunkSize));
  }
  parser.end();
  return entries.map(({ entry, parts }) => ({
    ...entry,
    content: Buffer.concat(parts).toString(),
  }));
}

async function pack(root: string, ...options: string[]): Promise<Buffer> {
  execFileSync('tar', ['-cf', 'out.tar', '-C', join(root, 'in'), '--sort=name', ...options, '.'], {
    cwd: root,
  });
  return readFile(join(root, 'out.tar'));
}

const long = `${'folder-with-a-long-name/'.repeat(8)}file`;

describe('what GNU tar writes', () => {
  it.each(['v7', 'ustar', 'gnu', 'posix'])('in the format %s', async (format) => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'in/sub'), { recursive: true });
    await writeFile(join(root, 'in/sub/file'), 'content', { mode: 0o640 });
    await symlink('sub/file', join(root, 'in/link'));
    const archive = await pack(root, `--format=${format}`, '--owner=app:1234', '--group=app:56');
    const expected = [
      { path: './', type: 'directory' },
      { path: './link', type: 'symlink', linkname: 'sub/file', size: 0 },
      { path: './sub/', type: 'directory' },
      { path: './sub/file', type: 'file', mode: 0o640, uid: 1234, gid: 56, content: 'content' },
    ];
    expect(read(archive)).toMatchObject(expected);
    expect(read(archive, 1)).toEqual(read(archive));
    expect(read(archive, 700)).toEqual(read(archive));
  });

  it.each(['gnu', 'posix'])('with long names, in the format %s', async (format) => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'in', long, '..'), { recursive: true });
    await writeFile(join(root, 'in', long), 'content');
    await symlink(long, join(root, 'in/link'));
    const entries = read(await pack(root, `--format=${format}`), 99);
    expect(entries.find(({ type }) => type === 'symlink')?.linkname).toBe(long);
    expect(entries.find(({ type }) => type === 'file')).toMatchObject({
      path: `./${long}`,
      content: 'content',
    });
  });

  it('with a name split in two, as ustar does', async () => {
    const root = await temporaryFolder();
    const path = `${'a'.repeat(90)}/${'b'.repeat(90)}`;
    await mkdir(join(root, 'in', path, '..'), { recursive: true });
    await writeFile(join(root, 'in', path), '');
    expect(read(await pack(root, '--format=ustar')).at(-1)?.path).toBe(`./${path}`);
  });

  it.each(['gnu', 'posix'])('with numbers beyond octal, in the format %s', async (format) => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'in'));
    const archive = await pack(root, `--format=${format}`, '--owner=big:3000000000');
    expect(read(archive)).toMatchObject([{ uid: 3_000_000_000 }]);
  });

  it.each([
    ['--format=gnu'],
    ['--format=posix', '--sparse-version=0.0'],
    ['--format=posix', '--sparse-version=0.1'],
    ['--format=posix', '--sparse-version=1.0'],
  ])('with a sparse file: %s %s', async (...options) => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'in'));
    const file = join(root, 'in/holes');
    await writeFile(file, 'start');
    await truncate(file, 50_000_000);
    // Many holes, so that the old format needs more than one block for its map.
    const handle = await open(file, 'r+');
    for (let part = 1; part <= 60; part++) await handle.write('part', part * 500_000);
    await handle.close();
    await writeFile(join(root, 'in/next'), 'after');
    const archive = await pack(root, '--sparse', ...options);
    expect(archive.length).toBeLessThan(1_000_000);
    const [, holes, next] = read(archive, 1000);
    expect(holes).toMatchObject({ path: './holes', size: 50_000_000, sparse: true });
    expect(next).toMatchObject({ path: './next', content: 'after' });
  });
});

describe('names and attributes', () => {
  it('keeps what leads out of the root as it is written', () => {
    const archive = writeTar([{ path: '../../etc/passwd' }, { path: '/absolute' }]);
    expect(read(archive).map(({ path }) => path)).toEqual(['../../etc/passwd', '/absolute']);
  });

  it('sees file capabilities', () => {
    const archive = writeTar([{ path: 'a', capability: true }, { path: 'b' }]);
    expect(read(archive).map(({ capability }) => capability)).toEqual([true, false]);
  });

  it('keeps names apart that are no UTF-8', () => {
    const headers = [0xe4, 0xf6].map((byte) => {
      const header = writeTar([{ path: 'X' }]).subarray(0, 512);
      header[0] = byte;
      return mendChecksum(header);
    });
    expect(read(Buffer.concat(headers)).map(({ path }) => path)).toEqual(['ä', 'ö']);
  });

  it('passes over the data of an entry when asked to', () => {
    const archive = writeTar([{ path: 'a', content: 'x'.repeat(1000) }, { path: 'b' }]);
    const names: string[] = [];
    const parser = createTarParser({
      entry: ({ path }) => names.push(path),
      data: () => expect.unreachable(),
      end: () => {},
    });
    for (let at = 0; at < archive.length; at += 512 + parser.skipData()) {
      parser.write(archive.subarray(at, at + 512));
    }
    expect(names).toEqual(['a', 'b']);
  });
});

describe('what is no whole archive', () => {
  const archive = writeTar([
    { path: 'a', content: 'content' },
    { path: long, content: 'x'.repeat(2000) },
  ]);

  it('may lack the closing zero blocks', () => {
    expect(read(archive.subarray(0, -1024))).toHaveLength(2);
  });

  it.each([
    [515, 'inside an entry'],
    [1100, 'inside a header'],
    [3000, 'inside an entry'],
  ])('is refused when cut after %i bytes', (length, message) => {
    expect(() => read(archive.subarray(0, length))).toThrow(message);
  });

  it('is refused when a header was changed', () => {
    const changed = Buffer.from(archive);
    changed[0] = 0x62;
    expect(() => read(changed)).toThrow('checksum');
  });

  it('fails with a TarError and nothing else, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { maxLength: 30 }),
        fc.boolean(),
        (changes, mend) => {
          const changed = Buffer.from(archive);
          for (const [at, byte] of changes) changed[at] = byte;
          if (mend) mendChecksum(changed.subarray(0, 512));
          try {
            read(changed, 333);
          } catch (error) {
            expect(error).toBeInstanceOf(TarError);
          }
        },
      ),
      { numRuns: 500, seed: 11 },
    );
  });
});

function mendChecksum(header: Buffer): Buffer {
  header.fill(0x20, 148, 156);
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}
