import { expect, it } from 'vitest';
import { exposition } from './exposition.ts';
import type { BackupFigures } from './figures.ts';

const limits = { rpoMs: 86_400_000, restoreMs: 300_000, evidenceMaxAgeMs: 604_800_000 };
const none: BackupFigures = {
  environment: 'production',
  database: 'main',
  observedAt: new Date('2026-01-02T00:00:00.000Z'),
  limits,
  sets: 0,
  unreadable: 0,
  newest: null,
  verified: null,
  rehearsed: null,
};

const values = (figures: BackupFigures) =>
  Object.fromEntries(
    exposition(figures)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [, name = '', value] =
          /^deploycheck_backup_(\w+)(?:\{[^}]*\})? (\S+)$/.exec(line) ?? [];
        return [name, Number(value)];
      }),
  );

it('gives times of what never happened as 0, and leaves out what was not measured', () => {
  expect(values(none)).toEqual({
    sets: 0,
    unreadable_sets: 0,
    last_success_timestamp_seconds: 0,
    last_instant_timestamp_seconds: 0,
    last_verified_timestamp_seconds: 0,
    last_rehearsed_timestamp_seconds: 0,
    rehearsed_instant_timestamp_seconds: 0,
    age_limit_seconds: 86_400,
    restore_limit_seconds: 300,
  });
});

it('gives seconds and bytes', () => {
  const createdAt = new Date('2026-01-01T12:00:00.000Z');
  const newest = {
    set: 'x',
    createdAt,
    completedAt: new Date('2026-01-01T12:00:01.500Z'),
    storedBytes: 10,
    objectBytes: 0,
  };
  const rehearsed = { set: 'x', createdAt, at: new Date('2026-01-01T13:00:00Z'), restoreMs: 2500 };
  expect(values({ ...none, sets: 1, newest, rehearsed })).toMatchObject({
    last_success_timestamp_seconds: 1_767_268_801.5,
    age_seconds: 43_200,
    rehearsed_age_seconds: 43_200,
    duration_seconds: 1.5,
    restore_duration_seconds: 2.5,
    stored_bytes: 10,
    object_bytes: 0,
  });
});

it('escapes what a label may hold', () => {
  const odd = exposition({ ...none, environment: 'a"b\\c\nd', database: null });
  expect(odd).toContain('deploycheck_backup_sets{environment="a\\"b\\\\c\\nd"} 0\n');
  expect(exposition({ ...none, environment: null, database: null })).toContain(
    'deploycheck_backup_sets 0\n',
  );
});
