import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const tag = { tag: '1', digest, found: digest };

it.each([
  ['the same', { tag }, []],
  ['another image', { tag: { ...tag, found: digest.replace('a', 'b') } }, ['moved']],
  ['nothing', { tag: { tag: '1', digest } }, ['gone']],
  ['unknown, by an engine', { name: `docker:registry.example/shop:1@${digest}` }, ['skipped']],
  ['no matter without a digest', { name: 'registry.example/shop:1' }, []],
  ['no matter without a tag', { name: `registry.example/shop@${digest}` }, []],
  ['no matter in a file', { name: 'oci:build/image' }, []],
])('a tag that means %s', async (_, given, said) => {
  expect(await saidOf(check, given)).toEqual(said);
});
