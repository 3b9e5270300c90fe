import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { exitMeaning } from '../src/core/exit.ts';
import { faultCodes } from '../src/core/fault-codes.ts';
import { packageFile } from '../src/core/package-root.ts';

async function testTexts(): Promise<string> {
  const folders = ['src', 'test'];
  const files = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(packageFile(folder), { recursive: true });
      return names
        .filter((name) => name.endsWith('.test.ts') && !name.endsWith('fault-codes.test.ts'))
        .map((name) => packageFile(`${folder}/${name}`));
    }),
  );
  return (await Promise.all(files.flat().map((file) => readFile(file, 'utf8')))).join('\n');
}

it('every documented fault is met by a test', async () => {
  const text = await testTexts();
  expect(Object.keys(faultCodes).filter((code) => !text.includes(code))).toEqual([]);
});

it('every documented exit code is met by an end-to-end test', async () => {
  const text = await testTexts();
  const codes = Object.keys(exitMeaning).filter((code) => code !== '70');
  expect(codes.filter((code) => !new RegExp(`(toBe\\(|\\[)${code}\\b`).test(text))).toEqual([]);
});
