import { expect, it } from 'vitest';
import { judge } from '../testing.ts';
import { check } from './index.ts';

it('names variables, never values', async () => {
  const environment = { seen: { declared: 3, missing: ['A', 'B'], different: ['C'] } };
  expect((await judge(check, { environment })).said).toEqual([
    'missing: Deployment/shop, container shop: its main process does not have A, B, which the manifest declares',
    'different: Deployment/shop, container shop: its main process has another value of C than the manifest declares',
  ]);
});
