import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nEXPOSE 127.0.0.1:80:80 http 20-30/tcp\n', ['format 2:8', 'format 2:24', 'ssh 2:29']],
  ['FROM a:1\nEXPOSE 90-80 0-99999\n', ['range 2:8', 'range 2:14']],
  ['FROM a:1\nEXPOSE $PORT 0 65535/UDP 22/udp 2222\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
