import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
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
