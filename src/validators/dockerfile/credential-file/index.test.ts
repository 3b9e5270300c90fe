import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  [
    'FROM a:1\nCOPY ["a", ".ssh/config", "/x/"]\nADD conf/tls.key /x\n',
    ['copied 2:1', 'copied 3:1'],
  ],
  ['FROM a:1\nCOPY .env.production ./\n', ['copied 2:1']],
  ['FROM a:1\nCOPY .env.example cert.pem fullchain.pem id_rsa.pub keys.ts /x/\n', []],
  ['FROM a:1 AS b\nFROM a:1\nCOPY --from=b /x/.env /x\nCOPY environment .envrc.d /x/\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
