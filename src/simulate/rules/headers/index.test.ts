import { expect, it } from 'vitest';
import type { HeadersSeen } from '../../behaviour/seen.ts';
import { judge, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const place = { behaviour: 'headers', service: 'shop', path: '/' } as const;
const seen = (parts: Partial<HeadersSeen>) => {
  const rest = { status: 200, tls: false, preset: null, expected: {}, headers: {}, error: null };
  const entry = { ...place, pod: 'shop-1', seen: { ...rest, ...parts } };
  return judge(check, simulationOf({ behaviour: [entry] }));
};

it('says which header to send', async () => {
  const expected = { 'cache-control': 'no-store', 'x-team': '^shop$' };
  expect((await seen({ expected, headers: { 'x-team': 'other' } })).said).toEqual([
    'header-missing: shop: / answers without cache-control; send no-store',
    'header-wrong: shop: / sends x-team: other; send ^shop$',
  ]);
  const headers = { 'cache-control': 'private, no-store', 'x-team': 'shop' };
  expect((await seen({ expected, headers })).outcome).toBe('pass');
});

it('does not pass what could not be asked', async () => {
  const entry = { ...place, pod: null, why: 'no pod is ready' };
  const { outcome, notExamined } = await judge(check, simulationOf({ behaviour: [entry] }));
  expect([outcome, notExamined]).toEqual(['inconclusive', ['headers of shop /: no pod is ready']]);
});
