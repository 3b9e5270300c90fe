import { expect, it } from 'vitest';
import { judge, shop, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const refusal = { object: shop, during: 'dry-run', code: 422, reason: 'Invalid' } as const;

it('names each object with what the server says', async () => {
  const refusals = [{ ...refusal, message: 'spec.replicas: must be a number' }];
  expect((await judge(check, simulationOf({ refusals }))).said).toEqual([
    'refused: Deployment/shop: refused by the API server (Invalid): spec.replicas: must be a number',
  ]);
});

it('gives the code where there is no reason', async () => {
  const refusals = [{ ...refusal, reason: '', code: 500, message: 'broken' }];
  expect((await judge(check, simulationOf({ refusals }))).said[0]).toContain('(500)');
});

it('leaves out what was stopped on this side', async () => {
  const refusals = [{ ...refusal, reason: 'OutsideSandbox', message: 'stopped' }];
  expect((await judge(check, simulationOf({ refusals }))).outcome).toBe('pass');
});

it('passes warnings on as notes', async () => {
  const warnings = [{ object: shop, message: 'policy/v1beta1 is deprecated' }];
  const { said, severities } = await judge(check, simulationOf({ warnings }));
  expect(said).toEqual([
    'warned: Deployment/shop: the API server warns: policy/v1beta1 is deprecated',
  ]);
  expect(severities).toEqual(['info']);
});
