import { expect, it } from 'vitest';
import { mended, seen } from '../testing.ts';
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

it.each([
  [
    'one line',
    'FROM a:1\nRUN apt-get update && apt-get install -y b\n',
    'FROM a:1\nRUN apt-get update && apt-get install -y b && rm -rf /var/lib/apt/lists/*\n',
  ],
  [
    'lines that begin with the sign',
    'FROM a:1\nRUN apt-get update \\\r\n\t&& apt-get install -y \\\r\n\t\tb\r\nUSER 1\n'.replaceAll(
      /\r?\n/g,
      '\r\n',
    ),
    'FROM a:1\nRUN apt-get update \\\n\t&& apt-get install -y \\\n\t\tb \\\n\t&& rm -rf /var/lib/apt/lists/*\nUSER 1\n'.replaceAll(
      '\n',
      '\r\n',
    ),
  ],
  [
    'lines that end with it',
    'FROM a:1\nRUN yum install -y a && \\\n  true\n',
    'FROM a:1\nRUN yum install -y a && \\\n  true && \\\n  yum clean all\n',
  ],
  [
    'lists with commands of all kinds',
    'FROM a:1\nRUN if a; then dnf install -y b; fi\n',
    'FROM a:1\nRUN if a; then dnf install -y b; fi && dnf clean all\n',
  ],
  [
    'options, of every call',
    'FROM a:1\nRUN apk add b && apk add c && pip install d\n',
    'FROM a:1\nRUN apk add --no-cache b && apk add --no-cache c && pip install --no-cache-dir d\n',
  ],
  [
    'no lists that a later RUN goes by',
    'FROM a:1\nRUN apt-get update && apt-get install -y b\nRUN apt-get install -y c\n',
    null,
  ],
  ...[
    'sudo apt-get install -y c',
    'env A=b apt-get install -y c',
    'sh -c "apt-get install -y c"',
    '["/usr/bin/apt-get", "install", "-y", "c"]',
    'xargs apt-get install -y < c',
    '<<E bash\napt-get install -y c\nE',
  ].map((later): [string, string, null] => [
    `no lists that a later RUN may go by: ${later}`,
    `FROM a:1\nRUN apt-get update && apt-get install -y b\nRUN ${later}\n`,
    null,
  ]),
  [
    'lists that a later RUN only names the folder of',
    'FROM a:1\nRUN apt-get update && apt-get install -y b\nRUN ls /var/lib/apt/lists /etc/apt/x\n',
    'FROM a:1\nRUN apt-get update && apt-get install -y b && rm -rf /var/lib/apt/lists/*\nRUN ls /var/lib/apt/lists /etc/apt/x\n',
  ],
  ['no lists that nothing in the RUN needs', 'FROM a:1\nRUN apt-get update\n', null],
  [
    'no script that ends itself, ends with a comment, or is a document',
    'FROM a:1\nRUN yum install -y a && exit 0\nRUN yum install -y a # b\nRUN <<E\nyum install -y a\nE\n',
    null,
  ],
])('mends %s', async (_, text, expected) => {
  expect(await mended(check, text)).toBe(expected ?? text);
});
