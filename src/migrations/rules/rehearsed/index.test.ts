import { describe, expect, it } from 'vitest';
import { judge } from '../testing.ts';
import { check } from './index.ts';

const trouble = { what: 'down-failed', file: 'migrations/a.down.sql', line: 3, detail: 'no such' };

describe(check.id, () => {
  it('says on what it happened, and where in the script', async () => {
    const { findings } = await judge(check, {
      stages: [
        { on: 'empty', set: null, rows: 0, tried: [{}] },
        { on: 'rows', set: 's1', rows: 12, tried: [{ trouble }] },
      ],
    });
    expect(findings.map(({ message }) => message)).toEqual([
      'the down of migration 0002_order_status fails on the 12 rows of the set s1: no such',
    ]);
    expect(findings[0]?.location).toMatchObject({ file: 'migrations/a.down.sql', line: 3 });
  });

  it('is no pass where something could not be tried', async () => {
    const gaps = [{ what: 'the migrations on rows', why: 'no set' }];
    const { findings, outcomes, notExamined } = await judge(check, { gaps });
    expect(findings).toEqual([]);
    expect(outcomes).toMatchObject([{ outcome: 'inconclusive' }]);
    expect(notExamined).toMatchObject(gaps);
  });
});
