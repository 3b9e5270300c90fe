import { expect, it } from 'vitest';
import { parseGitleaksIgnore } from './gitleaks-ignore.ts';

const entry = { commit: null, path: 'config/app.env', rule: 'github-pat', line: 3, at: 1 };
const commit = 'cd5226711335c68be1e720b318b7bc3135a30eb2';

it.each([
  ['a file', 'config/app.env:github-pat:3', [entry]],
  ['a commit', `${commit}:config/app.env:github-pat:3`, [{ ...entry, commit }]],
  [
    'comments and blank lines',
    '# ours\n\n  \nconfig/app.env:github-pat:3\n',
    [{ ...entry, at: 4 }],
  ],
  ['paths of Windows, and line ends', 'config\\app.env:github-pat:3\r\n', [entry]],
  ['a path that begins here', './config/app.env:github-pat:3', [entry]],
  ['a file without an end', '\ufeffconfig/app.env:github-pat:3', [entry]],
  ['nothing', '', []],
])('reads %s', (_, text, entries) => {
  expect(parseGitleaksIgnore(text)).toEqual({ entries, problems: [] });
});

it.each([
  ['config/app.env'],
  ['config/app.env:github-pat'],
  ['config/app.env:github-pat:three'],
  ['config:app.env:github-pat:x:3'],
  [`not-hex:config/app.env:github-pat:3`],
  [':github-pat:3'],
])('says that %j is no fingerprint', (text) => {
  const { entries, problems } = parseGitleaksIgnore(`# one\n${text}`);
  expect(entries).toEqual([]);
  expect(problems).toMatchObject([{ at: 2 }]);
});
