import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

it.each<[string, string, object, readonly string[]]>([
  ['linux', 'amd64', {}, []],
  ['linux', 'x86_64', {}, ['unknown']],
  ['', 'amd64', {}, ['unknown']],
  ['linux', 'amd64', { allow: ['linux/amd64/v3'] }, []],
  ['linux', 'amd64', { allow: ['linux/arm64', 'windows/amd64'] }, ['other']],
  ['linux', 'amd64', { allow: [] }, ['config-invalid']],
])('says of %s/%s with %j', async (os, architecture, options, ids) => {
  expect(await saidOf(check, { os, architecture }, { ...options })).toEqual(ids);
});
