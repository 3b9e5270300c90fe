import { expect, it } from 'vitest';
import type { ProbeSeen } from '../../observed-parts.ts';
import { judge, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const probe = (parts: Partial<ProbeSeen>): ProbeSeen => ({
  ...{ service: 'shop', pod: 'shop-1', port: 8080, path: '/readyz', expectedStatus: 200 },
  ...{ expectedBody: null, status: 200, bodyMatches: null, body: 'ok', durationMs: 3, error: null },
  ...parts,
});
const seen = (parts: Partial<ProbeSeen>) => judge(check, simulationOf({ probes: [probe(parts)] }));

it('finds a wrong status, a wrong body, no answer', async () => {
  expect((await seen({ status: 503, body: 'down' })).said).toEqual([
    'wrong-status: shop: /readyz answers 503 instead of 200: down',
  ]);
  expect((await seen({ bodyMatches: false, expectedBody: 'up', body: 'down' })).said).toEqual([
    'wrong-body: shop: /readyz does not answer up but down',
  ]);
  expect((await seen({ status: null, error: 'no whole answer' })).said).toEqual([
    'no-answer: shop: /readyz on port 8080 gives no answer: no whole answer',
  ]);
});

it('is open when no pod could be asked, and passes when none is declared', async () => {
  const { outcome, notExamined } = await seen({
    pod: null,
    status: null,
    error: 'no pod is ready',
  });
  expect([outcome, notExamined]).toEqual(['inconclusive', ['shop /readyz: no pod is ready']]);
  expect((await judge(check, simulationOf({ probes: [] }))).outcome).toBe('pass');
});
