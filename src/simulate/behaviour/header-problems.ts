import type { Problem } from '../answer-problems.ts';
import { matches } from '../health.ts';
import type { HeadersSeen } from './seen.ts';

/** Messages about headers, for `where` of a service or a URL. */
export const headerMessages = {
  'header-missing': '{{where}} answers without {{header}}; send {{expected}}',
  'header-wrong': '{{where}} sends {{header}}: {{found}}; send {{expected}}',
  'server-version': '{{where}} tells attackers its version in server: {{found}}; send no version',
} as const;

/** What the headers of an answer lack. */
export function headerProblems(seen: HeadersSeen): Problem[] {
  const { status, expected, preset, headers, error } = seen;
  if (status === null) return [{ messageId: 'no-answer', data: { error: error ?? 'unknown' } }];
  const declared = Object.entries(expected).flatMap(([header, wanted]) =>
    problemOf(header, headers[header], wanted, (found) => matches(found, wanted)),
  );
  return preset === 'security' ? [...declared, ...securityProblems(seen)] : declared;
}

function securityProblems({ tls, headers }: HeadersSeen): Problem[] {
  const look = (header: string, wanted: string, good: (found: string) => boolean) =>
    problemOf(header, headers[header], wanted, good);
  const framed = headers['x-frame-options'] !== undefined;
  const found = headers.server ?? '';
  return [
    // Browsers ignore it without TLS (RFC 6797 section 8.1).
    ...(tls
      ? look('strict-transport-security', 'max-age=31536000', (value) =>
          /max-age="?[1-9]/i.test(value),
        )
      : []),
    ...look('x-content-type-options', 'nosniff', (value) => /^\s*nosniff\s*$/i.test(value)),
    ...(framed ? [] : look('content-security-policy', 'one, or x-frame-options', () => true)),
    ...(/\d/.test(found)
      ? [{ messageId: 'server-version', data: { found }, about: 'server' } satisfies Problem]
      : []),
  ];
}

function problemOf(
  header: string,
  found: string | undefined,
  expected: string,
  good: (found: string) => boolean,
): Problem[] {
  if (found === undefined) {
    return [{ messageId: 'header-missing', data: { header, expected }, about: header }];
  }
  if (good(found)) return [];
  return [{ messageId: 'header-wrong', data: { header, found, expected }, about: header }];
}
