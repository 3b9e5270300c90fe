import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

it.each<[string, object, readonly string[]]>([
  ['bin/sh', {}, ['tool']],
  ['usr/bin/curl', {}, ['tool']],
  ['usr/bin/curl', { allow: ['curl'] }, []],
  ['app/bin/curl', {}, []],
  ['usr/share/doc/sh', {}, []],
  ['usr/bin/server', {}, []],
])('says of %s with %j', async (path, options, ids) => {
  const layers = [[{ path, mode: '0755', content: 'x' }]];
  expect(await saidOf(check, { layers }, { ...options })).toEqual(ids);
});
