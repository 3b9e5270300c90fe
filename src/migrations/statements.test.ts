import { describe, expect, it } from 'vitest';
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

it('what takes away is pointed to', () => {
  const at = (sql: string) => lossesOf(statementsOf(sql)).map(({ line, column }) => [line, column]);
  expect(at('alter table orders drop column total;')).toEqual([[1, 20]]);
  expect(
    at('select 1; -- drop\n/* drop */ alter table orders\n  -- drop it\n  drop total'),
  ).toEqual([[4, 3]]);
  expect(at('  alter table o alter column a type int')).toEqual([[1, 17]]);
});
