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
