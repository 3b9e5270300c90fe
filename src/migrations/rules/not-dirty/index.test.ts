import { describe, expect, it } from 'vitest';
import { judge } from '../testing.ts';
import { check } from './index.ts';

describe(check.id, () => {
  it('names the table', async () => {
    const { findings } = await judge(check, { dirty: true });
    expect(findings.map(({ message }) => message)).toEqual([
      'public.schema_migrations of the live database says that a migration stopped in the middle',
    ]);
  });

  it('has nothing to say of a database without one', async () => {
    const { outcomes } = await judge(check, { table: null });
    expect(outcomes).toMatchObject([{ outcome: 'pass' }]);
  });
});
