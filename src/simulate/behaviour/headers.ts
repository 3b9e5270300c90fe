import { type Asking, ask } from './asking.ts';
import type { HeadersDeclared } from './declared.ts';
import type { HeadersSeen } from './seen.ts';

/** What the preset `security` looks at (OWASP Secure Headers Project). */
const securityHeaders = [
  'strict-transport-security',
  'x-content-type-options',
  'content-security-policy',
  'x-frame-options',
  'server',
] as const;

/** Asks once and keeps the headers that are judged: others may hold cookies. */
export async function askHeaders(
  { path, expect = {}, preset }: HeadersDeclared,
  asking: Asking,
): Promise<HeadersSeen> {
  const { status, headers, error } = await ask(asking, { path });
  const url = asking.origin + path;
  const expected = Object.fromEntries(
    Object.entries(expect).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const names = new Set([...Object.keys(expected), ...(preset ? securityHeaders : [])]);
  return {
    ...{ status, tls: url.startsWith('https:'), preset: preset ?? null, expected, error },
    headers: Object.fromEntries(
      [...names].flatMap((name) => {
        const value = headers[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  };
}
