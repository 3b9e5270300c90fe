import { describe, expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { imageOf, saidOf } from '../testing.ts';
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

describe('platforms that have to be there', () => {
  const require = ['linux/amd64', 'linux/arm64'];

  it.each([
    ['are, in an index', ['linux/amd64', 'linux/arm64/v8', 'linux/s390x'], []],
    ['are not all in the index', ['linux/amd64', 'linux/s390x'], ['missing']],
    ['are none of the index', ['linux/s390x'], ['missing', 'missing']],
    ['are not those of an image alone', [], ['missing']],
    ['cannot be told of an engine', undefined, ['not examined']],
  ])('%s', async (_, platforms, said) => {
    expect(await saidOf(check, { platforms }, { require })).toEqual(said);
  });

  it('say what there is', async () => {
    const image = await imageOf({}, [], { platforms: ['linux/amd64', 'linux/arm/v6'] });
    const { findings } = await examine(check, image, { require: ['linux/arm/v7', 'linux/arm64'] });
    expect(findings.map(({ message }) => message)).toEqual([
      'there is no image for linux/arm64 by this reference, and it has to have one; there is linux/amd64, linux/arm/v6',
    ]);
  });

  it('have to be platforms', async () => {
    expect(await saidOf(check, { platforms: [] }, { require: ['arm64'] })).toEqual([
      'config-invalid',
    ]);
  });
});
