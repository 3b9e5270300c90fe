import { expect, it } from 'vitest';
import type { Bearing } from '../../behaviour/seen.ts';
import { judge, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const place = { behaviour: 'authentication', service: 'shop', path: '/orders' } as const;
const seen = (bearing: Bearing, status: number | null, error: string | null = null) => {
  const attempts = [{ bearing, status, error }];
  const entry = { ...place, pod: 'shop-1', seen: { method: 'GET', attempts } };
  return judge(check, simulationOf({ behaviour: [entry] }));
};

it.each([
  ['no token', 401],
  ['a garbage token', 403],
  ['the good token', 200],
  ['the good token', 404],
  ['a token of the wrong role', 403],
] as const)('is content with %s answered %i', async (bearing, status) => {
  expect((await seen(bearing, status)).outcome).toBe('pass');
});

it.each([
  ['no token', 200, 'let-in: shop: /orders answers GET with 200 for no token; verify the token'],
  ['the good token with its end altered', 204, 'let-in: '],
  ['a garbage token', 500, 'not-refused: '],
  ['no token', 302, 'not-refused: '],
  ['the good token', 401, 'good-refused: '],
  ['a token of the wrong role', 401, 'wrong-role: '],
  ['a token of the wrong role', 200, 'wrong-role: '],
] as const)('finds %s answered %i', async (bearing, status, text) => {
  expect((await seen(bearing, status)).said).toEqual([expect.stringContaining(text)]);
});

it('finds no answer, and does not pass what could not be asked', async () => {
  expect((await seen('no token', null, 'socket hang up')).said).toEqual([
    'no-answer: shop: /orders gives no answer: socket hang up; look at the log of its pod',
  ]);
  const entry = { ...place, pod: null, why: 'no pod is ready' };
  expect((await judge(check, simulationOf({ behaviour: [entry] }))).outcome).toBe('inconclusive');
});
