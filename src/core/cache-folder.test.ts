import { expect, it } from 'vitest';
import { cacheFolder } from './cache-folder.ts';

it('follows XDG_CACHE_HOME', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/a' })).toBe('/a/deploycheck');
  expect(cacheFolder({})).toMatch(/\/\.cache\/deploycheck$/);
});
