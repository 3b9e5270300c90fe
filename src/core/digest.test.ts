import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseSums, sha256, sha256Hex, sumsText } from './digest.ts';

it('digests as FIPS 180-4 gives it for the empty message', () => {
  expect(sha256('')).toBe(
    'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
});

it('sorts, so that the order of files does not matter', () => {
  const a = { path: 'a', sha256: sha256Hex('1') };
  const b = { path: 'b', sha256: sha256Hex('2') };
  expect(sumsText([b, a])).toBe(sumsText([a, b]));
});

it('reads back what it wrote, whatever the names', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(names, (paths) => {
      const files = paths.map((path) => ({ path, sha256: sha256Hex(path) }));
      const read = parseSums(sumsText(files));
      expect(new Set(read?.map((file) => file.path))).toEqual(new Set(paths));
    }),
  );
});

it('refuses a line that is not of the format', () => {
  expect(parseSums('0123  file\n')).toBeUndefined();
});

it('is accepted by sha256sum, odd names included', () => {
  const folder = mkdtempSync(join(tmpdir(), 'deploycheck-sums-'));
  try {
    const names = ['plain', 'two words', 'back\\slash', 'new\nline'];
    for (const name of names) writeFileSync(join(folder, name), name);
    const text = sumsText(names.map((path) => ({ path, sha256: sha256Hex(path) })));
    const said = execFileSync('sha256sum', ['--check', '--strict', '-'], {
      cwd: folder,
      input: text,
    });
    expect(String(said).match(/: OK/g)).toHaveLength(4);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
