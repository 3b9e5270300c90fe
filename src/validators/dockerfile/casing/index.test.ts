import { expect, it } from 'vitest';
import { examine, mended, seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['from a:1 as b\nrun true\n', []],
  ['from a:1 AS b\nrun true\n', ['as 1:10']],
  ['From a:1 as b\nRUN true\n', ['keyword 1:1']],
  ['FROM a:1\nEXPOSE 80 443/Tcp\n', ['protocol 2:11']],
  ['FROM a:1 AS $Stage\n', ['stage 1:13']],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});

it('mends what is written otherwise', async () => {
  const { findings } = await examine(check, 'FROM a:1 as b\n');
  expect(findings[0]?.fix?.edits).toEqual([
    {
      file: 'Dockerfile',
      from: { line: 1, column: 10 },
      to: { line: 1, column: 12 },
      text: 'AS',
    },
  ]);
});

it.each([
  [
    'keywords as most of them are',
    'FROM a:1\nrun true\nUser 1\nUSER 2\n',
    'FROM a:1\nRUN true\nUSER 1\nUSER 2\n',
  ],
  ['AS with its FROM', 'FROM a:1\nFrom b:1 as c\nUSER 1\n', 'FROM a:1\nFROM b:1 AS c\nUSER 1\n'],
  [
    'a protocol, and no name of a stage',
    'FROM a:1 AS Build\nEXPOSE 80/TCP\n',
    'FROM a:1 AS Build\nEXPOSE 80/tcp\n',
  ],
  ['no keyword that a continued line splits', 'FROM a:1\nUSER 1\nr\\\nun true\n', null],
])('mends %s', async (_, text, expected) => {
  expect(await mended(check, text)).toBe(expected ?? text);
});
