import { expect, it } from 'vitest';
import { judge, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const place = { behaviour: 'scenario', service: 'shop', path: 'cascade', pod: 'shop-1' } as const;

it('names the step that did not go as declared', async () => {
  const steps = [
    { step: 'DELETE /customers/{id}', status: 204, problem: null },
    { step: 'GET /orders/{order}', status: 200, problem: 'answers 200 instead of 404: {}' },
  ];
  const target = simulationOf({ behaviour: [{ ...place, seen: { planned: 3, steps } }] });
  expect((await judge(check, target)).said).toEqual([
    'failed: shop: cascade: step 2 of 3, GET /orders/{order}: answers 200 instead of 404: {}',
  ]);
});

it('stays open when nobody could be asked', async () => {
  const why = 'no pod is ready';
  const target = simulationOf({ behaviour: [{ ...place, pod: null, why }] });
  const { outcome, notExamined } = await judge(check, target);
  expect(outcome).toBe('inconclusive');
  expect(notExamined).toEqual([`scenario of shop cascade: ${why}`]);
});
