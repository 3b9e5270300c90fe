import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN rm /bin/sh && ln -s /bin/bash /bin/sh\n', ['link 2:19']],
  ['FROM a:1\nRUN ln -s /bin/sh /bin/ash && ln -s /x /bin/show\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
