import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { lastDayOf } from './distributions.ts';
import { check } from './index.ts';

it.each([
  ['debian', '8', '2020-06-30'],
  ['debian', '12', '2028-06-30'],
  ['debian', '12.4', '2028-06-30'],
  ['ubuntu', '24.04', '2029-06-30'],
  ['alpine', '3.9.6', '2020-11-01'],
  ['alpine', '3.99.0', undefined],
  ['constructor', '1', undefined],
  ['debian', '', undefined],
])('knows of %s %s that it ends on %s', (id, version, day) => {
  expect(lastDayOf(id, version)).toBe(day);
});

const release = (text: string) => ({
  layers: [[{ path: 'usr/lib/os-release', content: text }, link]],
});
const link = { path: 'etc/os-release', type: 'symlink', linkname: '../usr/lib/os-release' };

it.each<[string, object, readonly string[]]>([
  ['ID="debian"\nVERSION_ID="12"\n', {}, []],
  ['ID="debian"\nVERSION_ID="12"\n', { ends: { 'debian 12': '1969-12-31' } }, ['over']],
  ['ID=own\nVERSION_ID=1.2.3\n', { ends: { 'own 1.2': '1969-12-31' } }, ['over']],
  ['ID=own\nVERSION_ID=1.2.3\n', { ends: { 'own 1.2': 'soon' } }, ['config-invalid']],
  ['', {}, []],
])('says of %j with %j', async (text, options, ids) => {
  expect(await saidOf(check, release(text), { ...options })).toEqual(ids);
});

it('says nothing of an image without a distribution', async () => {
  expect(await saidOf(check, {})).toEqual([]);
});
