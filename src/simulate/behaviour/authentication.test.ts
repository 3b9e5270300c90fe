import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { expect, it } from 'vitest';
import { altered, askAuthentication } from './authentication.ts';
import { served } from './testing.ts';

const key = 'a key that only the service has';
const sign = (content: string) => createHmac('sha256', key).update(content).digest('base64url');

function tokenOf(role: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ role })}`;
  return `${content}.${sign(content)}`;
}

/** A service that reads the role from the token, after `verifies` let it through. */
const guard =
  (verifies: (content: string, signature: string) => boolean): RequestListener =>
  ({ headers }, response) => {
    const [, header = '', claims = '', signature = ''] =
      /^Bearer ([^.]+)\.([^.]+)\.(.*)$/.exec(headers.authorization ?? '') ?? [];
    if (claims === '' || !verifies(`${header}.${claims}`, signature)) {
      response.writeHead(401).end();
      return;
    }
    const { role } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    response.writeHead(role === 'customer' ? 403 : 200).end();
  };

const verifying = guard((content, signature) => {
  const good = Buffer.from(sign(content), 'base64url');
  const given = Buffer.from(signature, 'base64url');
  return good.length === given.length && timingSafeEqual(good, given);
});

async function statuses(listener: RequestListener, tokens = {}) {
  await using server = await served(listener);
  const { attempts } = await askAuthentication({ path: '/orders', ...tokens }, server);
  return attempts.map(({ bearing, status }) => [bearing, status]);
}

const tokens = { token: tokenOf('clerk'), wrongRole: tokenOf('customer') };

it('sees who is refused', async () => {
  expect(await statuses(verifying, tokens)).toEqual([
    ['no token', 401],
    ['a garbage token', 401],
    ['an unsigned, expired token', 401],
    ['the good token with its end altered', 401],
    ['the good token', 200],
    ['a token of the wrong role', 403],
  ]);
});

it('sees a service that reads tokens without verifying them', async () => {
  const seen = await statuses(
    guard(() => true),
    tokens,
  );
  expect(seen).toContainEqual(['an unsigned, expired token', 200]);
  expect(seen).toContainEqual(['the good token with its end altered', 200]);
});

it('needs no token to see an open door', async () => {
  const open: RequestListener = (_, response) => response.end('everything');
  expect(await statuses(open)).toEqual([
    ['no token', 200],
    ['a garbage token', 200],
    ['an unsigned, expired token', 200],
  ]);
});

it('keeps tokens out of what it saw', async () => {
  await using server = await served(({ headers }, response) =>
    response.end(headers.authorization ?? ''),
  );
  const declared = { path: '/orders', method: 'POST', ...tokens };
  const seen = await askAuthentication(declared, server);
  expect(server.asked[0]).toBe('POST /orders');
  for (const token of Object.values(tokens)) {
    expect(JSON.stringify(seen)).not.toContain(token.slice(0, 20));
  }
});

it('alters more than the last character, which may be padding alone', () => {
  const token = tokenOf('clerk');
  const other = altered(token);
  expect(other).toHaveLength(token.length);
  const signature = (text: string) => Buffer.from(text.split('.')[2] ?? '', 'base64url');
  expect(signature(other).equals(signature(token))).toBe(false);
  expect(altered('AB')).toBe('BA');
});
