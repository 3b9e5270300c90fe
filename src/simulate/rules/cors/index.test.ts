import { expect, it } from 'vitest';
import type { CorsAnswer, CorsSeen } from '../../behaviour/seen.ts';
import { judge, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const place = { behaviour: 'cors', service: 'shop', path: '/orders' } as const;
const origin = 'https://shop.example';
const seen = (parts: Partial<CorsSeen>, answer: Partial<CorsAnswer>) => {
  const answers = (['preflight', 'request'] as const).map((request) => ({
    ...{ request, status: 200, allowOrigin: null, allowCredentials: null, error: null },
    ...answer,
  }));
  const cors: CorsSeen = { origin, allowed: true, credentials: null, answers, ...parts };
  const entry = { ...place, pod: 'shop-1', seen: cors };
  return judge(check, simulationOf({ behaviour: [entry] }));
};

it('says what to send to an origin that is kept out', async () => {
  expect((await seen({}, {})).said).toEqual([
    'origin-refused: shop: /orders does not let https://shop.example in: its preflight gets 200 and no access-control-allow-origin; send access-control-allow-origin: https://shop.example',
  ]);
  expect((await seen({}, { allowOrigin: origin })).outcome).toBe('pass');
});

it('names what lets a stranger in', async () => {
  expect((await seen({ allowed: false }, { allowOrigin: '*' })).said).toEqual([
    'origin-allowed: shop: /orders lets https://shop.example read its answers (access-control-allow-origin: *); send it to origins that are allowed only',
  ]);
});

it('does not pass what could not be asked', async () => {
  const entry = { ...place, pod: null, why: 'no pod is ready' };
  expect((await judge(check, simulationOf({ behaviour: [entry] }))).outcome).toBe('inconclusive');
});
