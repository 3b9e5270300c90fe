import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nVOLUME ["/data"]\nRUN echo x > /data/y\n', ['written-later 3:1']],
  ['FROM a:1\nVOLUME /var/run/docker.sock /\n', ['system 2:8', 'system 2:29']],
  ['FROM a:1\nVOLUME /data $X\nRUN echo /data && mkdir /database\nCOPY a /data/\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
