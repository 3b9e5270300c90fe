import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  [
    'FROM a:1\nRUN <<EOF\ncd /a\nmake\nEOF\nRUN true && cd /b\n',
    ['unchecked 3:1', 'unchecked 6:13'],
  ],
  ['FROM a:1\nRUN cd /a || exit 1; if cd /b; then c; fi; cd ..; cd /\n', []],
  ['FROM a:1\nRUN set -ex; cd /a; b\nSHELL ["/bin/sh", "-ec"]\nRUN cd /a; b\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
