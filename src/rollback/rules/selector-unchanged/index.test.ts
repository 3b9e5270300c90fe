import { expect, it } from 'vitest';
import { said } from '../testing.ts';
import { check } from './index.ts';

const selectors = (release: string, live: string) => ({
  workloads: [{ selectors: { release, live, place: { file: 'deployment.yaml', line: 15 } } }],
});

it('compares terms, not their order', async () => {
  expect((await said(check, selectors('a=1,b in (x,y)', 'b in (x,y),a=1'))).ids).toEqual([]);
  expect((await said(check, selectors('a=1,b=2', 'a=1'))).messages).toEqual([
    'deployment/web: the release selects pods by a=1,b=2, what runs by a=1, and a selector cannot be changed',
  ]);
});
