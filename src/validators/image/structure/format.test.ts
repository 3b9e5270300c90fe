import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readStructureFile, structureFileOf } from './format.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-structure-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('reads JSON as well', () => {
  const text = JSON.stringify({
    schemaVersion: '2.0.0',
    fileExistenceTests: [{ name: 'root', path: '/' }],
  });
  const { tests, locate } = structureFileOf('tests.json', text);
  expect(tests.fileExistenceTests).toEqual([{ name: 'root', path: '/', shouldExist: true }]);
  expect(locate(['fileExistenceTests', 0, 'path'])).toMatchObject({ file: 'tests.json', line: 1 });
});

it.each([
  ['', 'one document'],
  ['schemaVersion: 1.0.0\n', 'schemaVersion'],
  ['schemaVersion: 2.0.0\nfileExistenceTest: []\n', 'fileExistenceTest'],
  ['schemaVersion: 2.0.0\nfileExistenceTests: [{name: a}]\n', 'fileExistenceTests.0.path'],
  ['schemaVersion: 2.0.0\nfileExistenceTests: [{path: /a}]\n', 'fileExistenceTests.0.name'],
  [
    'schemaVersion: 2.0.0\nfileExistenceTests: [{name: a, path: /a, isExecutableBy: all}]\n',
    'isExecutableBy',
  ],
  ['schemaVersion: [\n', ':2:1'],
  ['schemaVersion: 2.0.0\n---\nschemaVersion: 2.0.0\n', 'one document'],
])('refuses %j', async (text, part) => {
  const path = join(folder, 'tests.yaml');
  await writeFile(path, text);
  await expect(readStructureFile('tests.yaml', path)).rejects.toMatchObject({
    code: 'image-tests-invalid',
    message: expect.stringContaining(part),
  });
});

it('says when the file is not there, or no file', async () => {
  await expect(readStructureFile('no.yaml', join(folder, 'no.yaml'))).rejects.toMatchObject({
    code: 'input-missing',
  });
  await expect(readStructureFile('.', folder)).rejects.toMatchObject({
    code: 'image-tests-invalid',
  });
});
