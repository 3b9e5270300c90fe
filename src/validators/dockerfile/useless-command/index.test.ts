import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN a; kill 1; systemctl start x\n', ['useless 2:8', 'useless 2:16']],
  ['FROM a:1\nRUN systemctl enable x && apt-get install -y vim ssh\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
