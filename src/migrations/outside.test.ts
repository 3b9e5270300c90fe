import { describe, expect, it } from 'vitest';
import { reachesOutside } from './outside.ts';
import { statementsOf } from './statements.ts';

const outside = (sql: string) => reachesOutside(statementsOf(sql))?.line;

describe('a migration that does not stay in its database', () => {
  it.each([
    'create role app login',
    'alter database shop set work_mem = 1',
    'ALTER SYSTEM SET work_mem = 1',
    'grant admins to app',
    "copy orders to program 'curl'",
    "copy orders from '/etc/passwd'",
    "select dblink_exec('host=live', 'delete from orders')",
    'create extension postgres_fdw',
    'drop owned by app',
    "do $$ begin execute 'x'; create user y; end $$",
    "create function f() returns int as 'x' language c",
  ])('%s', (sql) => {
    expect(outside(`select 1;\n${sql}`)).toBe(2);
  });

  it.each([
    'create table users (role text, "database" text)',
    'grant select on orders to app',
    'create extension if not exists pgcrypto',
    'copy orders from stdin',
    'alter table orders add column owned boolean',
    'create user mapping for app server s',
    'create function f() returns int as $$ select 1 $$ language sql',
  ])('is not %s', (sql) => {
    expect(outside(sql)).toBeUndefined();
  });
});
