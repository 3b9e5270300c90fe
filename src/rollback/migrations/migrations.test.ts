import { describe, expect, it } from 'vitest';
import type { AppliedTable } from './applied.ts';
import { type Boundary, migrationsBetween } from './between.ts';
import { detectLayout } from './layout.ts';
import { isCatalogOnly, isExpandOnly, lossesOf, statementsOf } from './statements.ts';

const texts = (sql: string) => statementsOf(sql).map(({ text, line }) => `${line}: ${text}`);

describe('statements', () => {
  it('end at semicolons that are code', () => {
    expect(texts("select ';';\n\ninsert into t values ('it''s; ok', E'\\';');")).toEqual([
      "1: select ';'",
      "3: insert into t values ('it''s; ok', E'\\';')",
    ]);
    expect(texts('do $x$ begin; $$ ; end $x$; drop table "a;b"')).toEqual([
      '1: do $x$ begin; $$ ; end $x$',
      '1: drop table "a;b"',
    ]);
  });

  it('are not in comments', () => {
    expect(texts('-- drop table t;\n/* a /* nested; */ still; */\n;;\n')).toEqual([]);
    expect(texts('/* x */ drop -- y\ntable t')).toEqual(['1: drop table t']);
    expect(texts('select 1 /* never closed; drop table t;')).toEqual(['1: select 1']);
  });
});

describe('what statements do', () => {
  const each = (sql: string) => {
    const statements = statementsOf(sql);
    return {
      loses: lossesOf(statements).length > 0,
      catalog: isCatalogOnly(statements),
      expands: isExpandOnly(statements),
    };
  };
  it.each([
    ['drop table orders', { loses: true, catalog: true, expands: false }],
    ['alter table o drop column status', { loses: true, catalog: true, expands: false }],
    ['alter table o drop status', { loses: true, catalog: true, expands: false }],
    ['alter table o drop constraint c', { loses: false, catalog: true, expands: true }],
    ['alter table o drop column a, add b int', { loses: true, catalog: false, expands: false }],
    ['truncate o', { loses: true, catalog: false, expands: false }],
    ['delete from o where id = 1', { loses: true, catalog: false, expands: false }],
    ['with x as (select 1) update o set a = 1', { loses: true, catalog: false, expands: false }],
    ['alter table o alter column a type int', { loses: true, catalog: false, expands: false }],
    ['drop index i', { loses: false, catalog: true, expands: false }],
    ['drop index concurrently i', { loses: false, catalog: false, expands: false }],
    ['create index i on o (a)', { loses: false, catalog: false, expands: true }],
    ['create table t (a int not null)', { loses: false, catalog: false, expands: true }],
    [
      "alter table o add column s text not null default 'x'",
      { loses: false, catalog: false, expands: true },
    ],
    ['alter table o add column s text not null', { loses: false, catalog: false, expands: false }],
    ['alter table o rename column a to b', { loses: false, catalog: true, expands: false }],
    ['alter table o alter a set not null', { loses: false, catalog: false, expands: false }],
    [
      "do $$ begin execute 'drop table o'; end $$",
      { loses: false, catalog: false, expands: false },
    ],
  ])('%s', (sql, expected) => expect(each(sql)).toEqual(expected));
});

describe('the layout', () => {
  it('of pairs is put together, by number', () => {
    const files = ['10_b.up.sql', '9_a.up.sql', '9_a.down.sql', 'README.md'];
    expect(detectLayout(files)).toEqual({
      layout: 'pairs',
      migrations: [
        { version: '9', name: 'a', up: '9_a.up.sql', down: '9_a.down.sql' },
        { version: '10', name: 'b', up: '10_b.up.sql', down: null },
      ],
    });
  });

  it.each([
    ['goose', ['1_a.sql'], '-- +goose Up\n'],
    ['dbmate', ['1_a.sql'], '-- migrate:up\n'],
    ['Flyway', ['V1__a.sql'], ''],
    ['Prisma', ['migration_lock.toml', '1_a/migration.sql'], ''],
    ['Diesel', ['1_a/up.sql', '1_a/down.sql'], ''],
    ['Alembic', ['versions/1_a.py'], ''],
    ['no layout that deploycheck knows (1_a_down.sql)', ['1_a.up.sql', '1_a_down.sql'], ''],
  ])('of %s is named, and not taken for another', (detected, files, text) => {
    expect(detectLayout(files, text)).toEqual({ layout: 'unsupported', detected });
  });
});

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
      losses: [{ statement: 'alter table orders drop column status', line: 1 }],
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
