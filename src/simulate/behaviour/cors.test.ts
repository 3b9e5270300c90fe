import type { RequestListener } from 'node:http';
import { expect, it } from 'vitest';
import { askCors } from './cors.ts';
import { corsProblems } from './cors-problems.ts';
import type { CorsDeclared } from './declared.ts';
import { served } from './testing.ts';

const own = 'https://shop.example';
const evil = 'https://evil.example';

/** Answers origins with the header that `allow` gives, and cookies when `cookies` says so. */
const service =
  (allow: (origin: string) => string | undefined, cookies = false): RequestListener =>
  ({ method, headers }, response) => {
    const allowed = allow(headers.origin ?? '');
    if (allowed !== undefined) response.setHeader('access-control-allow-origin', allowed);
    if (cookies) response.setHeader('access-control-allow-credentials', 'true');
    response.writeHead(method === 'OPTIONS' ? 204 : 200).end();
  };
const listed = (origin: string) => (origin === own ? origin : undefined);

async function found(listener: RequestListener, declared: Omit<CorsDeclared, 'path'>) {
  await using server = await served(listener);
  const seen = await askCors({ path: '/orders', ...declared }, server);
  expect(server.asked).toEqual(['OPTIONS /orders', 'GET /orders']);
  return corsProblems(seen).map(({ messageId }) => messageId);
}

it('is content with a list of origins', async () => {
  expect(await found(service(listed), { origin: own, allowed: true })).toEqual([]);
  expect(await found(service(listed), { origin: evil, allowed: false })).toEqual([]);
});

it.each([
  ['repeats the origin', (origin: string) => origin],
  ['allows all', () => '*'],
])('finds a service that %s', async (_, allow) => {
  expect(await found(service(allow), { origin: evil, allowed: false })).toEqual(['origin-allowed']);
});

it('finds a wildcard together with cookies, whatever is declared', async () => {
  const both = service(() => '*', true);
  expect(await found(both, { origin: own, allowed: true })).toEqual(['wildcard-credentials']);
  expect(await found(both, { origin: evil, allowed: false })).toEqual([
    'wildcard-credentials',
    'origin-allowed',
  ]);
});

it('finds an origin that is kept out, and a preflight that is not understood', async () => {
  const declared = { origin: own, allowed: true };
  expect(
    await found(
      service(() => undefined),
      declared,
    ),
  ).toEqual(['origin-refused']);
  const noOptions: RequestListener = ({ method }, response) => {
    response.setHeader('access-control-allow-origin', own);
    response.writeHead(method === 'OPTIONS' ? 405 : 200).end();
  };
  expect(await found(noOptions, declared)).toEqual(['origin-refused']);
});

it('judges cookies where they are declared', async () => {
  const origin = { origin: own, allowed: true };
  const [without, withThem] = [service(listed), service(listed, true)];
  expect(await found(without, { ...origin, credentials: true })).toEqual(['credentials-refused']);
  expect(await found(without, { ...origin, credentials: false })).toEqual([]);
  expect(await found(withThem, { ...origin, credentials: true })).toEqual([]);
  expect(await found(withThem, { ...origin, credentials: false })).toEqual(['credentials-allowed']);
});

it('says when there was no answer', async () => {
  const silent: RequestListener = (_, response) => response.destroy();
  expect(await found(silent, { origin: own, allowed: true })).toEqual(['no-answer']);
});
