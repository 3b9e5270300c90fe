import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN <<EOF\ntrue\n  /usr/bin/sudo x\nEOF\n', ['sudo 4:3']],
  ['FROM a:1\nRUN apt-get install -y sudo && echo sudo # sudo\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
