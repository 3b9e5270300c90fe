import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN zypper -n dup\nRUN apt full-upgrade -y\n', ['zypper 2:5', 'apt 3:5']],
  ['FROM a:1\nRUN apt-get upgrade -y && zypper -n up\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
