import { expect, it } from 'vitest';
import { said } from '../testing.ts';
import { check } from './index.ts';

it('warns with both times', async () => {
  const changed = { changedSince: true, changedAt: '2026-01-02T10:00:00Z' };
  const { ids, messages } = await said(check, { workloads: [{ references: [changed] }] });
  expect(ids).toEqual(['changed:warning']);
  expect(messages).toEqual([
    'deployment/web: ConfigMap web-config changed at 2026-01-02T10:00:00Z, after revision 1 was rolled out (2026-01-01T00:00:00Z)',
  ]);
});

it('is silent on what is gone, which another rule names', async () => {
  const gone = { changedSince: true, state: 'missing' };
  expect((await said(check, { workloads: [{ references: [gone] }] })).ids).toEqual([]);
});
