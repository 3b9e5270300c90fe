import { expect, it } from 'vitest';
import { examine, seen } from '../testing.ts';
import { check } from './index.ts';

const labels = {
  a: 'text',
  u: 'url',
  t: 'rfc3339',
  s: 'spdx',
  h: 'hash',
  v: 'semver',
  e: 'email',
} as const;
const label = (text: string) => `FROM x:1\nLABEL ${text}\n`;
const good =
  'a=1 u=https://a.example t=2026-01-02T03:04:05Z s=MIT h=0123abc v=1.0.0-rc.1 e=a@b.example';

it.each([
  [good, []],
  [good.replace('https:', ''), ['url 2:13']],
  [good.replace('T03', ' 3'), ['rfc3339 2:34', 'key']].slice(0, 1).concat([['rfc3339 2:31']]),
  [good.replace('MIT', '"the licence"'), ['spdx 2:54']],
  [good.replace('0123abc', '0123'), ['hash 2:60']],
  [good.replace('1.0.0-rc.1', '1.0'), ['semver 2:70']],
  [good.replace('a@b.example', 'nobody'), ['email 2:83']],
  [good.replace('MIT', '$LICENCE'), []],
  [good.replace('a=1', 'a='), ['empty 2:9']],
] as [string, string[]][])('judges %j', async (text, expected) => {
  const found = await seen(check, label(text), { labels });
  expect(found.map((one) => one.split(' ')[0])).toEqual(expected.map((one) => one.split(' ')[0]));
});

it('wants what is named, and with strict nothing else', async () => {
  expect(await seen(check, label('b=1'), { labels: { a: 'text' }, strict: true })).toEqual([
    'superfluous 2:7',
    'missing 1:1',
  ]);
  const inherited = 'FROM x:1 AS b\nLABEL a=1\nFROM b\nRUN true\n';
  expect(await seen(check, inherited, { labels: { a: 'text' } })).toEqual([]);
});

it('is not meant for a project without a schema, and refuses a wrong one', async () => {
  expect((await examine(check, label('a=1'))).notMeant).toHaveLength(1);
  const { outcomes } = await examine(check, label('a=1'), { labels: { a: 'number' } });
  expect(outcomes[0]?.fault?.code).toBe('config-invalid');
});
