import { expect, it } from 'vitest';
import type { RateLimitSeen } from '../../behaviour/seen.ts';
import { judge, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const place = { behaviour: 'rate-limit', service: 'shop', path: '/login' } as const;
const limited: RateLimitSeen = {
  ...{ requests: 20, withinMs: 60_000, planned: 22, answered: 22, limited: true },
  ...{ retryAfter: '60', durationMs: 140, error: null, bypasses: [] },
};
const seen = (parts: Partial<RateLimitSeen>) => {
  const entry = { ...place, pod: 'shop-1', seen: { ...limited, ...parts } };
  return judge(check, simulationOf({ behaviour: [entry] }));
};

it.each([['0'], ['60'], ['Sat, 21 Nov 2026 15:00:00 GMT']])('takes %s', async (retryAfter) => {
  expect((await seen({ retryAfter })).outcome).toBe('pass');
});

it('finds no limit, and a limit that does not say how long to wait', async () => {
  expect((await seen({ limited: false, retryAfter: null })).said).toEqual([
    'unlimited: shop: /login answers 22 requests in 0.14 s and limits none; refuse with 429 after 20 in 60 s',
  ]);
  expect((await seen({ retryAfter: null })).said).toEqual([
    'no-retry-after: shop: /login answers 429 without Retry-After; send the seconds to wait',
  ]);
  expect((await seen({ retryAfter: '1.5' })).said).toHaveLength(1);
  expect((await seen({ retryAfter: 'soon' })).said).toEqual([
    'wrong-retry-after: shop: /login answers 429 with Retry-After: soon; send whole seconds or an HTTP date',
  ]);
});

it('finds a header that gets who is limited in again', async () => {
  const bypasses = [
    { header: 'X-Forwarded-For', status: 200, error: null },
    { header: 'X-Real-IP', status: 429, error: null },
  ];
  expect((await seen({ bypasses })).said).toEqual([
    'bypassed: shop: /login answers 200 to who is limited and sends X-Forwarded-For; take addresses from trusted proxies only',
  ]);
  const silent = await seen({ bypasses: [{ header: 'Forwarded', status: null, error: 'reset' }] });
  expect(silent.notExamined).toEqual([
    'rate-limit of shop /login: no answer with Forwarded: reset',
  ]);
});

it('is open when the time was too short, and finds no answer at all', async () => {
  const none = { limited: false, retryAfter: null };
  const short = await seen({ ...none, answered: 9 });
  expect([short.outcome, short.notExamined]).toEqual([
    'inconclusive',
    ['rate-limit of shop /login: 9 of 22 requests were answered: 60 s were too short'],
  ]);
  const silent = await seen({ ...none, answered: 0, error: 'socket hang up' });
  expect(silent.said).toEqual([expect.stringMatching(/^no-answer: .*socket hang up/)]);
});
