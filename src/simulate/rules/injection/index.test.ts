import { expect, it } from 'vitest';
import type { InjectionSeen } from '../../behaviour/seen.ts';
import { judge, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const attempt = { attack: 'a quote (SQL)', status: 200, sign: null, leak: null, error: null };
const said = async (...attempts: InjectionSeen['attempts'][number][]) => {
  const seen = { method: 'POST', attempts };
  const place = { service: 'shop', path: '/orders', pod: 'shop-1' };
  const target = simulationOf({ behaviour: [{ behaviour: 'injection', ...place, seen }] });
  return (await judge(check, target)).said;
};

it('names what worked, what leaked and what nobody handled', async () => {
  expect(
    await said(
      { ...attempt, sign: 'the file /etc/passwd', leak: 'ORA-00933' },
      { ...attempt, status: 400, leak: 'syntax error at or near' },
      { ...attempt, attack: 'a zero byte', status: 500 },
      { ...attempt, attack: 'a list', status: null, error: 'socket hang up' },
    ),
  ).toEqual([
    'worked: shop: /orders answers POST with the file /etc/passwd to a quote (SQL)',
    'leak: shop: /orders answers POST with the text of an error to a quote (SQL): syntax error at or near',
    'server-error: shop: /orders answers POST with 500 to a zero byte; refuse it with 4xx',
    'no-answer: shop: /orders gives no answer: a list: socket hang up; look at the log of its pod',
  ]);
});

it('takes refusals and harmless answers', async () => {
  expect(await said(attempt, { ...attempt, status: 400 }, { ...attempt, status: 404 })).toEqual([]);
});
