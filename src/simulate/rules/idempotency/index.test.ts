import { expect, it } from 'vitest';
import type { IdempotencySeen } from '../../behaviour/seen.ts';
import { judge, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const place = { behaviour: 'idempotency', service: 'shop', path: '/orders' } as const;
const honoured: IdempotencySeen = {
  ...{ method: 'POST', header: 'Idempotency-Key', first: 201, again: 200, sameBody: true },
  ...{ otherAlone: 201, otherReused: 422, error: null },
};
const seen = (parts: Partial<IdempotencySeen>) => {
  const entry = { ...place, pod: 'shop-1', seen: { ...honoured, ...parts } };
  return judge(check, simulationOf({ behaviour: [entry] }));
};
const nothing = { again: null, sameBody: null, otherAlone: null, otherReused: null };

it('finds what is done twice, and what is answered wrongly', async () => {
  expect((await seen({})).outcome).toBe('pass');
  expect((await seen({ sameBody: false, otherReused: 201 })).said).toEqual([
    'another-answer: shop: /orders answers the same POST under the same Idempotency-Key with another body; repeat the first answer',
    'key-reused: shop: /orders answers 201 to another body under the same Idempotency-Key; refuse it with 422',
  ]);
  expect((await seen({ ...nothing, again: 409 })).said).toEqual([
    'again-refused: shop: /orders answers 409 to the same POST under the same Idempotency-Key; repeat the first answer',
  ]);
  expect((await seen({ otherReused: 500 })).said).toEqual([expect.stringMatching(/^key-reused/)]);
});

it('finds a request that is refused in itself, and no answer', async () => {
  expect((await seen({ ...nothing, first: 400 })).said).toEqual([
    'first-refused: shop: /orders answers POST with 400 where 2xx is declared; see whether the declared body is a good one',
  ]);
  const silent = await seen({ ...nothing, first: null, error: 'socket hang up' });
  expect(silent.said).toEqual([expect.stringMatching(/^no-answer/)]);
});

it('is open when no other body is good in itself', async () => {
  const { outcome, notExamined } = await seen({ otherAlone: 400, otherReused: null });
  expect([outcome, notExamined]).toEqual([
    'inconclusive',
    [
      'idempotency of shop /orders: another body under the same key: none that is good in itself was found, it gets 400',
    ],
  ]);
});
