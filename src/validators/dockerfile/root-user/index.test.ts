import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nUSER 0:0\n', ['root 2:1']],
  ['FROM a:1\nUSER app\nUSER root:root\n', ['root 3:1']],
  ['FROM a:1 AS x\nUSER root\nFROM x\nCOPY a /\n', ['root 2:1']],
  ['FROM a:1\nRUN useradd -o -u 0 app\nUSER app:app\n', ['account 2:1', 'root-by-name 3:1']],
  ['FROM a:1\nRUN cat <<EOF >> /etc/passwd\nweb:x:0:0::/:/bin/sh\nEOF\n', ['account 2:1']],
  ['FROM a:1\nUSER root\nFROM b:1\nUSER 10001\n', []],
  ['FROM a:1\nUSER $USER\nONBUILD USER root\n', []],
  ['FROM a:1\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
