import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nENV AWS_SECRET_ACCESS_KEY=x clientSecret=y\n', ['env 2:5', 'env 2:29']],
  ['ARG PASSWORD=x\nFROM a:1\nENV API_KEY $PASSWORD\n', ['arg 1:5', 'env 3:5']],
  ['FROM a:1\nENV TOKEN= MONKEY=1 KEYBOARD=us KEY_ALIAS=a TOKEN_VERSION=1 GPG_KEY=A035\n', []],
  ['FROM a:1\nARG GIT_AUTHOR=x PASSWORD_FILE=/x TOKENIZERS_PARALLELISM=1\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
