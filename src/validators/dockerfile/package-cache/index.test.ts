import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  [
    'FROM a:1\nRUN apk add a\nRUN yum -y install a\nRUN dnf -y install b\n',
    ['apk 2:5', 'yum 3:5', 'dnf 4:5'],
  ],
  ['FROM a:1\nRUN pip install a && python3 -m pip install b\nRUN yarn\n', ['pip 2:5', 'yarn 3:5']],
  [
    'FROM a:1\nRUN zypper -n in a\nRUN apt-get update\nRUN rm -rf /var/lib/apt/lists/*\n',
    ['zypper 2:5', 'apt 3:5'],
  ],
  [
    'FROM a:1 AS b\nRUN apk add a\nFROM a:1\nRUN apk add --no-cache a && yum -y install b && yum clean all\n',
    [],
  ],
  [
    'FROM a:1\nENV PIP_NO_CACHE_DIR=1\nRUN pip install a\nRUN --mount=type=cache,target=/var/cache/apk apk add a\n',
    [],
  ],
  [
    'FROM a:1\nRUN --mount=type=cache,target=/root/.cache pip install --no-cache-dir a\nRUN yarn install && yarn cache clean\n',
    [],
  ],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
