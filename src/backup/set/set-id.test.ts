import { describe, expect, it } from 'vitest';
import { isRepositoryKey } from '../repository/repository.ts';
import { isSetId, newSetId, reportKey, setOfReport } from './set-id.ts';

const now = new Date('2026-11-21T15:15:00.123Z');

describe('names', () => {
  it('of sets sort by time, and hold no character that a file system minds', () => {
    const id = newSetId(now, 'Shop "Ost"/ü');
    expect(id).toMatch(/^20261121T151500123Z-Shop__Ost___-[0-9a-f]{8}$/);
    expect(isSetId(id)).toBe(true);
    expect(isRepositoryKey(`sets/${id}/manifest.json`)).toBe(true);
    expect(newSetId(now, 'a')).not.toBe(newSetId(now, 'a'));
  });

  it('of reports give the set back', () => {
    const id = newSetId(now, 'shop');
    expect(setOfReport(reportKey('rehearsals', id, now))).toBe(id);
    expect(setOfReport('rehearsals/x.json')).toBeUndefined();
  });

  it.each(['../a', '/a', 'a//b', 'a/', '.a', 'a/../b', 'a b', 'ü', '', `${'a/'.repeat(300)}a`])(
    'that lead elsewhere are none: %j',
    (key) => {
      expect(isRepositoryKey(key)).toBe(false);
    },
  );
});
