import { expect, it } from 'vitest';
import { mended, seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  [
    'FROM a:1\nRUN yum install a; dnf update; microdnf install x\n',
    ['yum 2:5', 'dnf 2:20', 'dnf 2:32'],
  ],
  ['FROM a:1\nRUN zypper install a \\\n  && apt purge b\n', ['zypper 2:5', 'apt 3:6']],
  [
    'FROM a:1\nRUN apt-get -qq install a && apt-get install -qy b && apt-get update && zypper -n in a\n',
    [],
  ],
  ['FROM a:1\nRUN apt-get install --yes a && yum -y install b && dnf install --assumeyes c\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});

it.each([
  [
    'behind the verb',
    'FROM a:1\nRUN apt-get -q -o a=b install \\\n  b && yum update\n',
    'FROM a:1\nRUN apt-get -q -o a=b install -y \\\n  b && yum update -y\n',
  ],
  [
    'before that of zypper',
    'FROM a:1\nRUN zypper in b\n',
    'FROM a:1\nRUN zypper --non-interactive in b\n',
  ],
])('mends %s', async (_, text, expected) => {
  expect(await mended(check, text)).toBe(expected);
});
