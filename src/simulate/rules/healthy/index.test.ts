import { expect, it } from 'vitest';
import type { ProbeSeen } from '../../observed-parts.ts';
import { judge, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const probe = (parts: Partial<ProbeSeen>): ProbeSeen => ({
  ...{ service: 'shop', pod: 'shop-1', port: 8080, path: '/readyz', expectedStatus: 200 },
  ...{
    expectedBody: null,
    status: 200,
    bodyMatches: null,
    body: 'ok',
    durationMs: 3,
    tlsDaysLeft: null,
    error: null,
  },
  ...{ json: null, dependencies: [] },
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

const database = { name: 'database', expected: 'up', found: 'down' };

it('names what the service says is down, with a wrong status too', async () => {
  expect((await seen({ dependencies: [database] })).said).toEqual([
    'dependency: shop: /readyz says database is down instead of up',
  ]);
  const { said } = await seen({ status: 503, body: 'x', dependencies: [database] });
  expect(said.map((line) => line.split(':')[0])).toEqual(['wrong-status', 'dependency']);
});

it('wants every dependency named, unless the answer is another one altogether', async () => {
  const unnamed = { ...database, found: null };
  expect((await seen({ dependencies: [unnamed] })).said).toEqual([
    'dependency-missing: shop: /readyz says nothing of database, which should be up',
  ]);
  expect((await seen({ status: 404, dependencies: [unnamed] })).said).toHaveLength(1);
});

it('finds a body that is no JSON, and a media type that does not say so', async () => {
  expect((await seen({ json: { parses: false, mediaType: 'application/json' } })).said).toEqual([
    'not-json: shop: /readyz does not answer JSON but ok',
  ]);
  expect((await seen({ json: { parses: true, mediaType: 'text/plain' } })).said).toEqual([
    'wrong-type: shop: /readyz answers JSON as text/plain; send content-type: application/json with it',
  ]);
  expect((await seen({ json: { parses: true, mediaType: 'application/ld+json' } })).said).toEqual(
    [],
  );
});
