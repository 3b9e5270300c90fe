import { expect, it } from 'vitest';
import { imageOf } from '../testing.ts';
import { inventoryOf } from './inventory.ts';

const npm = (name: string, version: string, folder = 'app') => ({
  path: `${folder}/node_modules/${name}/package.json`,
  content: JSON.stringify({ name, version }),
});
const dpkg = (...names: readonly string[]) => ({
  path: 'var/lib/dpkg/status',
  content: names.map((name) => `Package: ${name}\nVersion: 1\n`).join('\n'),
});

it('is what the merged file system shows', async () => {
  const image = await imageOf({}, [
    [dpkg('libc6', 'gcc'), npm('a', '1.0.0'), npm('b', '1.0.0')],
    [
      dpkg('libc6'),
      { path: 'app/node_modules/.wh.a' },
      npm('b', '2.0.0'),
      npm('b', '2.0.0', 'tool'),
      {
        path: 'second/package.json',
        type: 'hardlink',
        linkname: 'app/node_modules/b/package.json',
      },
    ],
  ]);
  const { packages, unread } = inventoryOf(image);
  expect(packages.map(({ type, name, version }) => `${type} ${name} ${version}`)).toEqual([
    'deb libc6 1',
    'npm b 2.0.0',
  ]);
  expect(unread).toEqual([]);
});

it('says what changes of a database are not in it yet', async () => {
  const image = await imageOf({}, [[{ path: 'var/lib/rpm/rpmdb.sqlite-wal', content: 'x' }]]);
  expect(inventoryOf(image).unread).toMatchObject([{ path: 'var/lib/rpm/rpmdb.sqlite-wal' }]);
});
