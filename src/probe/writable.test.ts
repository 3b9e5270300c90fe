import { expect, it } from 'vitest';
import type { Change } from '../adapters/docker/container.ts';
import { writableFolders, writtenPaths } from './writable.ts';

const changes = (...lines: string[]): Change[] =>
  lines.map((line) => {
    const [mark, path = ''] = line.split(' ');
    return { path, kind: mark === 'A' ? 'added' : mark === 'D' ? 'deleted' : 'modified' };
  });

it('names the topmost of what was written, and not the folders on the way there', () => {
  const seen = changes(
    'C /var',
    'C /var/cache',
    'A /var/cache/shop',
    'A /var/cache/shop/x',
    'C /a',
  );
  expect(writtenPaths(seen, [])).toEqual(['/a', '/var/cache/shop']);
  expect(writtenPaths(changes('D /etc/old', 'C /etc'), [])).toEqual(['/etc/old']);
});

it('leaves out what the engine itself makes, mounts among it', () => {
  const seen = changes('C /etc', 'A /etc/hosts', 'A /.dockerenv', 'A /dev/console', 'C /dev');
  expect(writtenPaths(seen, [])).toEqual([]);
  expect(writtenPaths(changes('A /data', 'A /srv', 'A /srv/www'), ['/data', '/srv/www'])).toEqual(
    [],
  );
  // Beside a mount, something was written after all.
  expect(writtenPaths(changes('A /srv/log'), ['/srv/www'])).toEqual(['/srv/log']);
});

it('asks for the folders that hold what was written', () => {
  expect(writableFolders(['/tmp/x', '/tmp/y', '/var/cache/shop'])).toEqual(['/tmp', '/var/cache']);
  expect(writableFolders(['/tmp/x', '/tmp/a/b'])).toEqual(['/tmp']);
  expect(writableFolders([])).toEqual([]);
});

it('knows where no empty folder can stand', () => {
  expect(writableFolders(['/x'])).toBeUndefined();
  expect(writableFolders(['/etc/passwd'])).toBeUndefined();
  const many = Array.from({ length: 13 }, (_, at) => `/var/d${at}/x`);
  expect(writableFolders(many)).toBeUndefined();
});
