import { expect, it } from 'vitest';
import { headerProblems } from './header-problems.ts';
import { askHeaders } from './headers.ts';
import { served } from './testing.ts';

const good = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  server: 'shop',
  'set-cookie': ['session=secret', 'other=secret'],
};

it('keeps the headers that are judged and no other', async () => {
  await using server = await served((_, response) => response.writeHead(200, good).end());
  const wanted = { 'X-Frame-Options': 'DENY|SAMEORIGIN', 'cache-control': 'no-store' };
  const declared = { path: '/', expect: wanted, preset: 'security' } as const;
  const seen = await askHeaders(declared, server);
  const { 'set-cookie': _, ...kept } = good;
  expect(seen).toEqual({
    ...{ status: 200, tls: false, preset: 'security', headers: kept, error: null },
    expected: { 'x-frame-options': 'DENY|SAMEORIGIN', 'cache-control': 'no-store' },
  });
  expect(headerProblems(seen)).toEqual([
    {
      ...{ messageId: 'header-missing', about: 'cache-control' },
      data: { header: 'cache-control', expected: 'no-store' },
    },
  ]);
});

const found = async (headers: Record<string, string>) => {
  await using server = await served((_, response) => response.writeHead(200, headers).end());
  const seen = await askHeaders({ path: '/', preset: 'security' }, server);
  return headerProblems(seen).map(({ messageId, about }) => `${messageId} ${about}`);
};

it('finds what the preset asks for', async () => {
  const { 'set-cookie': _, ...plain } = good;
  expect(await found(plain)).toEqual([]);
  expect(await found({})).toEqual([
    'header-missing x-content-type-options',
    'header-missing content-security-policy',
  ]);
  expect(
    await found({ ...{ 'x-content-type-options': 'sniff', server: 'nginx/1.25' }, ...policy }),
  ).toEqual(['header-wrong x-content-type-options', 'server-version server']);
});
const policy = { 'content-security-policy': "default-src 'none'" };

it('wants strict-transport-security over TLS only', () => {
  const seen = {
    status: 200,
    tls: true,
    preset: 'security',
    expected: {},
    error: null,
    headers: { 'x-content-type-options': 'nosniff', ...policy },
  } as const;
  const judged = (headers: Record<string, string>) =>
    headerProblems({ ...seen, headers: { ...seen.headers, ...headers } }).map((p) => p.messageId);
  expect(judged({})).toEqual(['header-missing']);
  expect(judged({ 'strict-transport-security': 'max-age=0' })).toEqual(['header-wrong']);
  expect(judged({ 'strict-transport-security': 'max-age=31536000' })).toEqual([]);
});

it('says when there was no answer', async () => {
  const nobody = {
    origin: 'http://127.0.0.1:1',
    timeoutMs: 1000,
    signal: new AbortController().signal,
  };
  const seen = await askHeaders({ path: '/', preset: 'security' }, nobody);
  expect(headerProblems(seen)).toMatchObject([{ messageId: 'no-answer' }]);
});
