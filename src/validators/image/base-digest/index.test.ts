import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

const digest = 'org.opencontainers.image.base.digest';
const good = `sha256:${'0'.repeat(64)}`;

it.each<[object, readonly string[]]>([
  [{}, ['missing']],
  [{ annotations: { [digest]: good } }, []],
  [{ config: { Labels: { [digest]: good } } }, []],
  [{ annotations: { [digest]: 'latest' } }, ['malformed']],
])('says of %j', async (recipe, ids) => {
  expect(await saidOf(check, { ...recipe })).toEqual(ids);
});
