import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  [
    'FROM a:1\nENTRYPOINT ["a"]\nENTRYPOINT ["b"]\nENTRYPOINT ["c"]\n',
    ['entrypoint 2:1', 'entrypoint 3:1'],
  ],
  ['FROM a:1\nHEALTHCHECK NONE\nHEALTHCHECK CMD true\n', ['healthcheck 2:1']],
  ['FROM a:1\nCMD ["a"]\nONBUILD CMD ["b"]\nENTRYPOINT ["c"]\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
