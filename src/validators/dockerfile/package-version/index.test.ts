import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN apt-get install -y -t sid a b=1 ./c.deb "d"\n', ['apt-get 2:31', 'apt-get 2:45']],
  ['FROM a:1\nRUN apk add --no-cache -t .build a b~1 c>2\n', ['apk 2:34', 'apk 2:40']],
  [
    'FROM a:1\nRUN npm i -g a @b/c @b/c@1 d@2 && gem install x y:1.0\n',
    ['npm 2:14', 'npm 2:16', 'gem 2:47'],
  ],
  [
    'FROM a:1\nRUN go install a.b/c@latest && go install a.b/d@v1 && dnf -y install a-1.2 b\n',
    ['go 2:16', 'dnf 2:76'],
  ],
  ['FROM a:1\nRUN npm ci && npm install && pip install . -r x.txt "a>=1" $B && apk update\n', []],
  ['FROM a:1\nRUN pip install -c c.txt a && gem install a -v 1 && yum -y install @dev\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
