import { expect, it } from 'vitest';
import { ignoreFileOf } from '../ignore-file.ts';
import { dockerfileOf, seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['*.md', 'COPY README.md x/ /a/', ['ignored 2:6']],
  ['**/secret', 'COPY ["a/b/secret", "/x"]', ['ignored 2:1']],
  ['/build/\n!build/keep', 'ADD ./build/x build/keep /a/', ['ignored 2:5']],
  ['# dist\n\n{a,b}', 'COPY dist a /x/', []],
  ['*', 'COPY . /x\nCOPY --from=b y /x\nADD https://a.example/y /x\nCOPY $A /x', []],
  ['*', 'COPY <<EOF /x\na\nEOF', []],
])('sees what %j leaves out', async (patterns, text, expected) => {
  const dockerfile = dockerfileOf(`FROM a:1 AS b\n${text}\n`);
  const ignore = ignoreFileOf('.dockerignore', patterns);
  expect(await seen(check, { ...dockerfile, ignore })).toEqual(expected);
});

it('is silent without such a file', async () => {
  expect(await seen(check, 'FROM a:1\nCOPY x /x\n')).toEqual([]);
});
