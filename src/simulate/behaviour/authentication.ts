import { randomBytes } from 'node:crypto';
import { type Asking, ask, bearer } from './asking.ts';
import type { AuthenticationDeclared } from './declared.ts';
import type { AuthenticationSeen, Bearing } from './seen.ts';

/** Asks without a token, with bad ones, and with those that are given. */
export async function askAuthentication(
  { path, method = 'GET', token, expired, wrongRole }: AuthenticationDeclared,
  asking: Asking,
): Promise<AuthenticationSeen> {
  const bearings: [Bearing, string | undefined][] = [
    ['no token', undefined],
    ['a garbage token', randomBytes(24).toString('hex')],
    ['an unsigned, expired token', unsignedToken()],
  ];
  if (token !== undefined) {
    bearings.push(['the good token with its end altered', altered(token)]);
    bearings.push(['the good token', token]);
  }
  if (expired !== undefined) bearings.push(['an expired token', expired]);
  if (wrongRole !== undefined) bearings.push(['a token of the wrong role', wrongRole]);
  const attempts: AuthenticationSeen['attempts'][number][] = [];
  for (const [bearing, value] of bearings) {
    const { status, error } = await ask(asking, { path, method, headers: bearer(value) });
    attempts.push({ bearing, status, error });
  }
  return { method, attempts };
}

/** Characters: the last one alone may hold nothing but padding (RFC 4648 section 3.5). */
const alteredEnd = 4;

/** A token that differs in its last characters, which belong to the signature of a JWT. */
export function altered(token: string): string {
  const at = Math.max(0, token.length - alteredEnd);
  return token.slice(0, at) + token.slice(at).replaceAll(/./g, (c) => (c === 'A' ? 'B' : 'A'));
}

/** A JWT that nobody signed and that ended in 2001 (RFC 7519 section 6). */
function unsignedToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ sub: 'admin', exp: 1_000_000_000 })}.`;
}
