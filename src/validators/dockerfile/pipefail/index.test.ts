import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN true && \\\n  a | b | c\nRUN x=$(a | b)\n', ['pipe 3:5', 'pipe 4:11']],
  ['FROM a:1\nRUN set -o pipefail && a | b\nRUN a || b; echo "a | b"\nCMD a | b\n', []],
  [
    'FROM a:1\nSHELL ["/bin/ash", "-eo", "pipefail", "-c"]\nRUN a | b\nFROM a:1\nRUN a | b\n',
    ['pipe 5:7'],
  ],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
