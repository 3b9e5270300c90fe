import { expect, it } from 'vitest';
import { runChecks } from '../../../core/engine.ts';
import type { EndpointSeen } from '../../endpoint.ts';
import { check } from './index.ts';
import { endpointOf } from './testing.ts';

async function said(parts: Partial<EndpointSeen>): Promise<string[]> {
  const { findings } = await runChecks({
    checks: [check],
    targets: [endpointOf(parts)],
    signal: new AbortController().signal,
    clock: { now: () => new Date(0), monotonic: () => 0 },
    evidence: { add: () => Promise.reject(new Error('unused')) },
  });
  return findings.map(({ severity, message }) => `${severity}: ${message}`);
}

it('is silent for a good answer', async () => {
  expect(await said({})).toEqual([]);
});

it('finds a wrong status, a wrong body, no answer', async () => {
  expect(await said({ status: 503, body: 'no\n database' })).toEqual([
    'error: https://shop.example/readyz answers 503 instead of 200: no database',
  ]);
  expect(await said({ bodyMatches: false, expectedBody: '"up"', body: '' })).toEqual([
    'error: https://shop.example/readyz does not answer "up" but nothing',
  ]);
  expect(await said({ status: null, error: 'connect ECONNREFUSED' })).toEqual([
    'error: https://shop.example/readyz gives no answer: connect ECONNREFUSED',
  ]);
});

it('warns of a certificate that ends soon', async () => {
  expect(await said({ tlsDaysLeft: 13 })).toEqual([
    'warning: the certificate of https://shop.example/readyz ends in 13 days',
  ]);
  expect(await said({ tlsDaysLeft: 14 })).toEqual([]);
  expect(await said({ tlsDaysLeft: null })).toEqual([]);
});

it('judges what the body says, headers and origins', async () => {
  const asked = { status: 200, tls: true, error: null } as const;
  const headers = { ...asked, preset: null, expected: { 'x-team': 'shop' }, headers: {} };
  const answer = { status: 200, allowOrigin: '*', allowCredentials: null, error: null };
  const answers = (['preflight', 'request'] as const).map((request) => ({ request, ...answer }));
  const cors = [{ origin: 'https://evil.example', allowed: false, credentials: null, answers }];
  const dependencies = [{ name: 'database', expected: 'up', found: 'down' }];
  expect(await said({ dependencies, headers, cors })).toEqual([
    'error: https://shop.example/readyz says database is down instead of up',
    'error: https://shop.example/readyz answers without x-team; send shop',
    'error: https://shop.example/readyz lets https://evil.example read its answers (access-control-allow-origin: *); send it to origins that are allowed only',
  ]);
});
