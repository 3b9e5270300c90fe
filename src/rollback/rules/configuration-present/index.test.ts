import { expect, it } from 'vitest';
import { said } from '../testing.ts';
import { check } from './index.ts';

const reference = (part: object) => ({ workloads: [{ references: [part] }] });

it('names what is missing, and each key', async () => {
  const gone = reference({ kind: 'Secret', name: 'keys', state: 'missing' });
  expect((await said(check, gone)).messages).toEqual([
    'deployment/web: revision 1 needs Secret keys, which is not there',
  ]);
  const keys = reference({ state: 'missing-key', missingKeys: ['A', 'B'] });
  expect((await said(check, keys)).ids).toEqual(['missing-key:error', 'missing-key:error']);
});

it('does not pass what may not be read', async () => {
  const part = reference({ state: 'unknown', why: 'forbidden' });
  expect(await said(check, part)).toMatchObject({ outcome: 'inconclusive', ids: [] });
});
