import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sha256Hex } from '../core/digest.ts';
import { fixedFiles, writeFixed } from './fixed-files.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fixed-'));
  await writeFile(join(root, 'a.yaml'), 'a: yes\n');
});
afterEach(() => rm(root, { recursive: true }));

const from = { line: 1, column: 4 };
const edit = { file: 'a.yaml', from, to: { line: 1, column: 7 }, text: 'true' };
const fixes = [{ file: 'a.yaml', edits: [edit], descriptions: ['write true'] }];
const examined = (text: string) => [
  { path: 'a.yaml', sha256: sha256Hex(Buffer.from(text)), size: text.length },
];

it('writes what was mended', async () => {
  const [fixed] = await fixedFiles(fixes, examined('a: yes\n'), root);
  if (!fixed) throw new Error('nothing was mended');
  await writeFixed(fixed, root);
  expect(await readFile(join(root, 'a.yaml'), 'utf8')).toBe('a: true\n');
});

it('leaves a file alone that somebody else writes to', async () => {
  await expect(fixedFiles(fixes, examined('a: no\n'), root)).rejects.toMatchObject({
    code: 'input-changed',
  });
  const [fixed] = await fixedFiles(fixes, examined('a: yes\n'), root);
  if (!fixed) throw new Error('nothing was mended');
  await writeFile(join(root, 'a.yaml'), 'a: mine\n');
  await expect(writeFixed(fixed, root)).rejects.toMatchObject({ code: 'input-changed' });
  expect(await readFile(join(root, 'a.yaml'), 'utf8')).toBe('a: mine\n');
});
