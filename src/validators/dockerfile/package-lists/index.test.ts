import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN apk update\nRUN apt update && echo x\n', ['alone 2:5', 'alone 3:5']],
  [
    'FROM a:1\nRUN apk update && apk add a\nRUN apt-get update && ./install.sh\nRUN yum update -y\n',
    [],
  ],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
