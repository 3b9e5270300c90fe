import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { fieldOf, objectOf, parseObject, textOf } from '../../../../core/json.ts';
import { packageFile } from '../../../../core/package-root.ts';
import { npm } from './index.ts';

it.each([
  ['app/node_modules/qs/package.json', true],
  ['node_modules/@scope/a/package.json', true],
  ['app/node_modules/a/node_modules/b/package.json', true],
  ['app/package.json', false],
  ['app/node_modules/qs/dist/package.json', false],
  ['app/node_modules/.cache/package.json', false],
])('wants %s: %s', (path, wanted) => {
  expect(npm.wants(path) > 0).toBe(wanted);
});

it.each(['', 'null', '[]', '{"name": 7, "version": "1"}', '{"name": "a"}', '{"name'])(
  'finds no package in %j',
  (text) => {
    expect(npm.read(Buffer.from(text), '', true)).toEqual({ packages: [], unread: null });
  },
);

it('reads what npm says that it installed here', async () => {
  const lock = parseObject(await readFile(packageFile('node_modules/.package-lock.json'), 'utf8'));
  const entries = Object.entries(objectOf(fieldOf(lock, 'packages')) ?? {});
  const compared = await Promise.all(
    entries.map(async ([path, value]) => {
      const bytes = await readFile(packageFile(`${path}/package.json`)).catch(() => undefined);
      if (!bytes) return [];
      const version = textOf(fieldOf(objectOf(value), 'version'));
      const wanted = npm.wants(`app/${path}/package.json`) > 0;
      return [[wanted, npm.read(bytes, path, true).packages[0]?.version, version] as const];
    }),
  );
  const all = compared.flat();
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(([wanted, read, version]) => !wanted || read !== version)).toEqual([]);
});
