import { expect, it } from 'vitest';
import { mended, seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN\n', ['no-arguments 2:1']],
  ['RUN true\n', ['no-from 1:1']],
  ['FROM a:1\nRUN <<EOF\ntrue\n', ['unfinished-heredoc 2:1']],
  ['FROM a:1\nRUN a \\\n\n  && b\n', ['empty-continuation 3:1']],
  ['FROM a:1\nSHELL /bin/bash\n', ['no-shell-list 2:1']],
  ['FROM a:1\nONBUILD COPPY a b\n', ['unknown-instruction 2:9']],
  ['LABEL a=b\nFROM a:1\n', ['before-from 1:1']],
])('finds in %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});

it.each([
  '\ufefffrom a:1\r\nrun true \\\r\n  # why\r\n  && true\r\n',
  '# escape=`\nFROM a:1\nRUN dir `\n  C:\\\n',
  'FROM a:1\nRUN <<A <<B\ntrue\nA\nfalse\nB\n',
  'FROM a:1\nCOPY <<-"EOF" /x\n\ta\n\tEOF\nRUN cat <<EOF && true\nRUM x\nEOF\n',
  'FROM a:1\nRUN true \\\n',
])('is silent for %j', async (text) => {
  expect(await seen(check, text)).toEqual([]);
});

it.each([
  [
    'the empty lines of an instruction',
    'FROM a:1\nRUN a \\\n\n  \n  b \\\n# c\n\n  d\n\nUSER 1\n',
    'FROM a:1\nRUN a \\\n  b \\\n# c\n  d\n\nUSER 1\n',
  ],
])('mends %s', async (_, text, expected) => {
  expect(await mended(check, text)).toBe(expected);
});
