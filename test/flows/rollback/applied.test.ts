import { homedir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPostgres } from '../../../src/adapters/postgres/pg.ts';
import type { Database } from '../../../src/adapters/postgres/postgres.ts';
import { readApplied } from '../../../src/migrations/applied.ts';
import { systems } from '../../systems/bed.ts';
import { createDatabase, type TestDatabase } from '../../systems/postgres.ts';

const bed = await systems('postgres');
const { signal } = new AbortController();

describe.skipIf(!bed)('the table of applied migrations', () => {
  let scratch: TestDatabase;
  let database: Database;
  beforeEach(async () => {
    if (!bed) return;
    scratch = await createDatabase(bed('DEPLOYCHECK_TEST_POSTGRES'), 'applied');
    const postgres = createPostgres({ env: {}, home: homedir(), register: () => undefined });
    database = await postgres.connect(await postgres.settings({ url: scratch.url }), signal);
  });
  afterEach(async () => {
    await database?.close();
    await scratch?.[Symbol.asyncDispose]();
  });
  const read = () => readApplied(database, signal);

  it('may not be there', async () => {
    expect(await read()).toBeUndefined();
    await database.script('create table schema_migrations (name text)', signal);
    expect(await read()).toBeUndefined();
  });

  it('tells versions and, whatever the column is called, times in UTC', async () => {
    await database.script(
      `set time zone 'Asia/Kolkata';
       create table schema_migrations (version text primary key, "done ""at""" timestamptz);
       insert into schema_migrations values ('0002', '2026-01-02 05:30+05:30'), ('0001', null);`,
      signal,
    );
    expect(await read()).toEqual({
      table: 'public.schema_migrations',
      applied: [
        { version: '1', at: null },
        { version: '2', at: '2026-01-02T00:00:00.000000Z' },
      ],
      upTo: false,
      dirty: false,
    });
  });

  it('of golang-migrate holds the last version alone, and whether it stopped half-way', async () => {
    await database.script(
      `create table schema_migrations (version bigint primary key, dirty boolean not null);
       insert into schema_migrations values (20260102030405, true);`,
      signal,
    );
    expect(await read()).toMatchObject({
      applied: [{ version: '20260102030405', at: null }],
      upTo: true,
      dirty: true,
    });
  });

  it('is found where the search path says, and nowhere else', async () => {
    await database.script(
      `create schema other; create table other.schema_migrations (version bigint);`,
      signal,
    );
    expect(await read()).toBeUndefined();
    await database.script('set search_path to other', signal);
    expect((await read())?.table).toBe('other.schema_migrations');
  });
});
