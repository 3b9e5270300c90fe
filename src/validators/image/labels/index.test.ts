import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { imageOf, saidOf } from '../testing.ts';
import { check } from './index.ts';

const prefix = 'org.opencontainers.image.';

it('names every label that is missing or empty', async () => {
  const image = await imageOf({
    Labels: { 'org.opencontainers.image.title': 'shop', 'org.opencontainers.image.version': ' ' },
  });
  const { findings } = await examine(check, image);
  expect(findings.map(({ message, severity }) => [severity, message])).toEqual([
    ['warning', 'the label org.opencontainers.image.revision is missing'],
    ['warning', 'the label org.opencontainers.image.source is missing'],
    ['warning', 'the label org.opencontainers.image.version is empty'],
  ]);
});

it.each<[string, string, boolean]>([
  ['created', '2026-11-20T10:00:00Z', true],
  ['created', '2026-11-20T10:00:00.123+01:00', true],
  ['created', '2026-11-20', false],
  ['created', '2026-13-20T10:00:00Z', false],
  ['url', 'https://shop.example', true],
  ['url', 'shop.example', false],
  ['documentation', 'ftp://shop.example', false],
  ['source', 'git@git.example:shop.git', true],
  ['source', 'ssh://git.example/shop', true],
  ['source', 'shop', false],
  ['licenses', 'Apache-2.0', true],
  ['licenses', '(MIT OR GPL-2.0-or-later WITH Classpath-exception-2.0) AND BSD-3-Clause', true],
  ['licenses', 'MIT, Apache-2.0', false],
  ['licenses', 'MIT AND', false],
  ['licenses', '(MIT', false],
  ['base.digest', `sha256:${'0'.repeat(64)}`, true],
  ['base.digest', 'sha256:0', false],
  ['title', 'anything at all', true],
])('takes %s as %s: %s', async (label, value, isGood) => {
  const config = { Labels: { [`${prefix}${label}`]: value, own: 'x' } };
  expect(await saidOf(check, { config }, { required: ['own'] })).toEqual(
    isGood ? [] : ['malformed'],
  );
});

it('compares with the annotations of the manifest, and takes them instead', async () => {
  const title = `${prefix}title`;
  const options = { required: [title] };
  const annotations = { [title]: 'shop' };
  expect(await saidOf(check, { annotations }, options)).toEqual([]);
  const config = { Labels: { [title]: 'store' } };
  expect(await saidOf(check, { config, annotations }, options)).toEqual(['disagrees']);
});

it('knows which labels may be there', async () => {
  const config = { Labels: { 'example.team': 'a', other: 'b' } };
  const options = { required: ['other'], allow: ['example.*'] };
  expect(await saidOf(check, { config }, options)).toEqual(['superfluous']);
});
