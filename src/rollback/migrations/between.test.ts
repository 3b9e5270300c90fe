import { describe, expect, it } from 'vitest';
import type { AppliedTable } from '../../migrations/applied.ts';
import { type Boundary, migrationsBetween } from './between.ts';

describe('the migrations between two releases', () => {
  const sql: Record<string, string> = {
    '0001_orders.down.sql': 'drop table orders;',
    '0002_status.up.sql': "alter table orders add column status text default 'new';",
    '0002_status.down.sql': 'alter table orders drop column status;',
    '0003_total.down.sql': '-- nothing to do',
  };
  const migrations = ['0001_orders', '0002_status', '0003_total', '0004_last'].map((full) => {
    const [version = '', name = ''] = full.split('_');
    const down = `${full}.down.sql`;
    return { version, name, up: `${full}.up.sql`, down: down in sql ? down : null };
  });
  const applied = (...entries: [string, string | null][]): AppliedTable => ({
    table: 'public.schema_migrations',
    applied: entries.map(([version, at]) => ({ version, at })),
    upTo: false,
    dirty: false,
  });
  const between = (boundary: Boundary, table?: AppliedTable) =>
    migrationsBetween({
      migrations,
      text: (file) => sql[file] ?? '',
      folder: 'migrations',
      applied: table,
      boundary,
    });
  const files = (...versions: string[]): Boundary => ({
    by: 'files',
    versions: new Set(versions),
    from: 'v1',
  });
  const versions = (result: ReturnType<typeof between>) =>
    result.steps.map(({ version, down }) => `${version} ${down}`);

  it('are those applied and not of the old one, newest first', () => {
    const table = applied(['1', null], ['2', null], ['3', null]);
    const result = between(files('1'), table);
    expect(versions(result)).toEqual(['0003 empty', '0002 present']);
    expect(result.steps[1]).toMatchObject({
      file: 'migrations/0002_status.down.sql',
      losses: [{ statement: 'alter table orders drop column status', line: 1, column: 20 }],
      catalogOnly: true,
      expandOnly: true,
    });
  });

  it('are those applied after the old release was rolled out', () => {
    const table = applied(
      ['1', '2026-01-01T00:00:00.5Z'],
      ['2', '2026-01-02T00:00:00.1Z'],
      ['4', '2026-01-02T00:00:01Z'],
    );
    const after = '2026-01-01T00:00:00Z';
    expect(versions(between({ by: 'time', after }, table))).toEqual([
      '0004 missing',
      '0002 present',
    ]);
  });

  it('are those not applied yet, of a release that is about to come', () => {
    expect(versions(between({ by: 'table' }, applied(['1', null], ['3', null])))).toEqual([
      '0004 missing',
      '0002 present',
    ]);
    expect(between({ by: 'table' }).why).toBe('no database tells which of them are applied');
  });

  it('are not known without times or files of the old release', () => {
    expect(between({ by: 'nothing' }).state).toBe('unknown');
    const time = { by: 'time', after: '2026-01-01T00:00:00Z' } as const;
    expect(between(time).why).toContain('--from');
    expect(between(time, applied(['1', null])).state).toBe('unknown');
  });

  it('count all up to the one version that golang-migrate keeps', () => {
    const table = { ...applied(['3', null]), upTo: true };
    expect(versions(between(files('1', '2'), table))).toEqual(['0003 empty']);
  });

  it('name what the database has and the files do not', () => {
    expect(versions(between(files('1'), applied(['1', null], ['99', null])))).toEqual([
      '99 missing',
    ]);
  });

  it('count all files where no database tells, and say so', () => {
    const result = between(files('1', '2', '3'));
    expect([versions(result), result.boundary]).toEqual([
      ['0004 missing'],
      expect.stringContaining('no database is configured'),
    ]);
  });
});
