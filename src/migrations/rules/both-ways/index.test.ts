import { describe, expect, it } from 'vitest';
import { judge } from '../testing.ts';
import { check } from './index.ts';

describe(check.id, () => {
  it('names the file beside which the other is missing', async () => {
    const { findings } = await judge(check, {
      migrations: [
        { id: '0002_a', down: null },
        { id: '0003_b', up: null, down: 'migrations/0003_b.down.sql' },
        { id: '0004_c', down: 'migrations/0004_c.down.sql', downEmpty: true },
      ],
    });
    expect(findings.map(({ message, location }) => [location.file, message])).toEqual([
      ['migrations/0002_order_status.up.sql', 'migration 0002_a has no down'],
      ['migrations/0003_b.down.sql', 'migration 0003_b has a down and no up'],
      ['migrations/0004_c.down.sql', 'the down of migration 0004_c holds no statement'],
    ]);
  });

  it('does not hold up a release for what is in place already', async () => {
    const { findings } = await judge(check, { migrations: [{ down: null, ofRelease: false }] });
    expect(findings.map(({ severity }) => severity)).toEqual(['warning']);
  });
});
