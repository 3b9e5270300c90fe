import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nCOPY $X /\n', ['perhaps 2:6']],
  ['FROM a:1\nENV A=1 B=$A\n', ['perhaps 2:11']],
  ['FROM a:1\nENV VERSION=1\nLABEL v=$VERSON\n', ['undefined 3:9']],
  ['FROM a:1 AS x\nARG V\nENV W=1\nFROM x\nCOPY $V$W ${U:-u} /\n', []],
  ['FROM a:1\nRUN echo $X\nCMD echo $Y\nENV P=$PATH Q=${HTTP_PROXY}\n', []],
  ["FROM scratch\nENV A='$B' C=\\$D\n", []],
  ['FROM scratch\nCOPY <<EOF /x\n$A\nEOF\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
