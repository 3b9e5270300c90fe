import { expect, it } from 'vitest';
import { examine, seen } from '../testing.ts';
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
