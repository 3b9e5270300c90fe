import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/adapters/postgres/postgres.ts';
import { systems } from '../../systems/bed.ts';
import { createDatabase, type TestDatabase } from '../../systems/postgres.ts';
import { never, open, postgres } from './open.ts';

const bed = await systems('postgres', 'postgres-next');

const readAll = async (rows: AsyncIterable<unknown>) => {
  for await (const _ of rows);
};

const versions = [
  { major: 15, variable: 'DEPLOYCHECK_TEST_POSTGRES' },
  { major: 17, variable: 'DEPLOYCHECK_TEST_POSTGRES_NEXT' },
];

describe.skipIf(!bed)('a database', () => {
  for (const { major, variable } of versions) {
    describe(`of PostgreSQL ${major}`, () => {
      let home: TestDatabase;
      let database: Database;

      beforeAll(async () => {
        home = await createDatabase(bed?.(variable) ?? '', 'queries');
        database = await open(home.url);
        await database.script(
          'create table item (id int primary key, name text not null); create view v as select 1',
          never,
        );
      });
      afterAll(async () => {
        await database.close();
        await home[Symbol.asyncDispose]();
      });

      const value = async (sql: string, parameters: Parameters<Database['query']>[1] = []) => {
        const { rows } = await database.query(sql, parameters, never);
        return Object.values(rows[0] ?? {})[0];
      };

      it('keeps what JavaScript cannot hold as text', async () => {
        const { rows } = await database.query(
          `select 9007199254740993::int8 as big, 0.10::numeric as exact, null as nothing, 7 as small,
                  true as yes, timestamptz '2026-01-02 03:04:05.678901+00' at time zone 'UTC' as moment,
                  '{"a": 1.0}'::json as json, '\\x00ff'::bytea as bytes, '{1,2}'::int[] as list`,
          [],
          never,
        );
        expect(rows[0]).toEqual({
          big: '9007199254740993',
          exact: '0.10',
          nothing: null,
          small: 7,
          yes: true,
          moment: '2026-01-02 03:04:05.678901',
          json: '{"a": 1.0}',
          bytes: '\\x00ff',
          list: '{1,2}',
        });
      });

      it('sends parameters of every kind', async () => {
        expect(await value('select $1::text', ['it\'s \\ " $1 ü 🚀'])).toBe('it\'s \\ " $1 ü 🚀');
        expect(await value('select $1::int8 + 1', [9007199254740993n])).toBe('9007199254740994');
        expect(await value('select $1::bytea', [Uint8Array.of(0, 255)])).toBe('\\x00ff');
        expect(await value('select cardinality($1::text[])', [['a', 'b,"c', null]])).toBe(3);
        expect(await value('select $1::text is null', [null])).toBe(true);
        expect(await value('select not $1::bool', [false])).toBe(true);
      });

      it('says how many rows a statement changed', async () => {
        const insert = 'insert into item select n, $1 from generate_series(1, 5) n';
        expect(await database.query(insert, ['x'], never)).toMatchObject({
          command: 'INSERT',
          rowCount: 5,
        });
        const remove = await database.query('delete from item where id > 2', [], never);
        expect(remove).toEqual({ command: 'DELETE', rowCount: 3, rows: [] });
      });

      it('takes one statement only where one is meant', async () => {
        const two = await database.attempt('select 1; select 2', [], never);
        expect(two).toMatchObject({ ok: false, refusal: { sqlState: '42601' } });
      });

      it('gives a refusal as a value, with its place in the text', async () => {
        const sql = "select 'äöü🚀', nosuch from item";
        expect(await database.attempt(sql, [], never)).toEqual({
          ok: false,
          refusal: {
            sqlState: '42703',
            message: 'column "nosuch" does not exist',
            position: 16,
          },
        });
        expect(
          await database.attempt('insert into item values (1, null)', [], never),
        ).toMatchObject({
          refusal: { sqlState: '23502', schema: 'public', table: 'item', column: 'name' },
        });
        const error = await database.query(sql, [], never).catch((thrown: unknown) => thrown);
        expect(postgres.refusal(error)).toMatchObject({ sqlState: '42703', position: 16 });
        expect(error).not.toHaveProperty('code');
        expect(postgres.refusal(new Error('other'))).toBeUndefined();
      });

      it('gives what is no fault of the statement as a fault', async () => {
        const slow = database.transaction(
          {},
          async (inside) => {
            await inside.query("set local statement_timeout = '20ms'", [], never);
            await inside.query('select pg_sleep(60)', [], never);
          },
          never,
        );
        await expect(slow).rejects.toMatchObject({
          code: 'database-failed',
          message: expect.stringContaining('statement timeout'),
        });
        const role = `${home.name}_reader`;
        await database.script(`create role ${role}; set role ${role}`, never);
        await expect(database.query('select * from item', [], never)).rejects.toMatchObject({
          code: 'database-denied',
          message: expect.stringContaining('permission denied for table item'),
        });
        expect(await database.attempt('select * from item', [], never)).toMatchObject({
          refusal: { sqlState: '42501' },
        });
        await database.script(`reset role; drop role ${role}`, never);
        expect(await value('select 1')).toBe(1);
      });

      it('runs scripts, all or nothing, and says where one is wrong', async () => {
        const script = 'create table a (); create table b ();\ncreat table c ()';
        const error = await database.script(script, never).catch((thrown: unknown) => thrown);
        expect(postgres.refusal(error)).toMatchObject({ sqlState: '42601', position: 39 });
        expect(await value("select to_regclass('a')")).toBeNull();
      });

      it('commits what ends well and rolls back what does not', async () => {
        await database.query('delete from item', [], never);
        const insert = "insert into item values ($1, 'x')";
        expect(
          await database.transaction(
            { isolation: 'serializable' },
            async (inside) => {
              await inside.query(insert, [1], never);
              return 'done';
            },
            never,
          ),
        ).toBe('done');
        const failing = database.transaction(
          {},
          async (inside) => {
            await inside.query(insert, [2], never);
            throw new Error('changed my mind');
          },
          never,
        );
        await expect(failing).rejects.toThrow('changed my mind');
        const swallowed = database.transaction(
          {},
          async (inside) => {
            await inside.query(insert, [3], never);
            expect(await inside.attempt(insert, [1], never)).toMatchObject({
              refusal: { sqlState: '23505', constraint: 'item_pkey' },
            });
          },
          never,
        );
        await expect(swallowed).rejects.toThrow('a statement in it had been refused');
        expect(await value('select string_agg(id::text, $1) from item', [','])).toBe('1');
      });

      it('lets no statement slip into an open transaction', async () => {
        const misuse = database.transaction({}, () => database.query('select 1', [], never), never);
        await expect(misuse).rejects.toThrow('use its own handle');
        expect(await value('select 1')).toBe(1);
      });

      it('keeps a read-only transaction from writing', async () => {
        const writing = database.transaction(
          { readOnly: true, isolation: 'serializable', deferrable: true },
          async (inside) => {
            expect(await inside.query('show transaction_deferrable', [], never)).toMatchObject({
              rows: [{ transaction_deferrable: 'on' }],
            });
            await inside.query('delete from item', [], never);
          },
          never,
        );
        const error = await writing.catch((thrown: unknown) => thrown);
        expect(postgres.refusal(error)?.sqlState).toBe('25006');
      });

      it('shows other sessions what a transaction sees', async () => {
        await database.script("truncate item; insert into item values (1, 'before')", never);
        await using other = await open(home.url);
        const isolation = 'repeatable read';
        await database.transaction(
          { isolation, readOnly: true },
          async (inside) => {
            const snapshot = await inside.exportSnapshot(never);
            await other.query("insert into item values (2, 'after')", [], never);
            const count = 'select count(*) as n from item';
            const seen = await other.transaction(
              { isolation, snapshot },
              (imported) => imported.query(count, [], never),
              never,
            );
            expect(seen.rows).toEqual([{ n: '1' }]);
            expect((await other.query(count, [], never)).rows).toEqual([{ n: '2' }]);
          },
          never,
        );
        const gone = other.transaction({ isolation, snapshot: "0-'1" }, async () => 1, never);
        const error = await gone.catch((thrown: unknown) => thrown);
        expect(postgres.refusal(error)?.sqlState).toBe('22023');
        expect((await other.query('select 1 as one', [], never)).rows).toEqual([{ one: 1 }]);
      });

      it('streams rows in order, few at a time', async () => {
        const seen: unknown[] = [];
        const sql = 'select n from generate_series(1, $1::int) n';
        const cursors = 'select count(*) as n from pg_cursors where name <> $$$$';
        await database.transaction(
          { readOnly: true },
          async (inside) => {
            for await (const { n } of inside.rows(sql, [2500], { batch: 100 }, never)) {
              seen.push(n);
              if (n === 1) {
                expect((await inside.query(cursors, [], never)).rows).toEqual([{ n: '1' }]);
              }
            }
            expect((await inside.query(cursors, [], never)).rows).toEqual([{ n: '0' }]);
          },
          never,
        );
        expect(seen).toEqual(Array.from({ length: 2500 }, (_, at) => at + 1));
      });

      it('asks the server for no more than was read', async () => {
        await database.script('create sequence if not exists asked', never);
        const sql = "select nextval('asked') as n from generate_series(1, 1000000)";
        await database.transaction(
          {},
          async (inside) => {
            for await (const { n } of inside.rows(sql, [], { batch: 10 }, never)) {
              if (n === '15') break;
            }
          },
          never,
        );
        expect(await value('select last_value from asked')).toBe('20');
      });

      it('opens a transaction of its own for rows, and ends it', async () => {
        for await (const row of database.rows('select 1 as one', [], {}, never)) {
          expect(row).toEqual({ one: 1 });
        }
        const wrong = async () => {
          for await (const _ of database.rows('select nosuch', [], {}, never)) break;
        };
        const error = await wrong().catch((thrown: unknown) => thrown);
        expect(postgres.refusal(error)).toMatchObject({ sqlState: '42703', position: 8 });
        expect(await value('select count(*) from pg_cursors where name <> $$$$')).toBe('0');
        const late = database.rows(
          'select 1 / (3 - n) from generate_series(1, 9) n',
          [],
          { batch: 1 },
          never,
        );
        const lateError = await readAll(late).catch((thrown: unknown) => thrown);
        expect(postgres.refusal(lateError)?.sqlState).toBe('22012');
        expect(await value('select 1')).toBe(1);
      });

      it('lets calls wait for each other', async () => {
        const all = Array.from({ length: 20 }, (_, n) => value('select $1::int', [n]));
        expect(await Promise.all(all)).toEqual(Array.from({ length: 20 }, (_, n) => n));
      });

      it('keeps the last notices', async () => {
        await database.script(
          "do $$ begin for n in 1..105 loop raise notice 'note %', n; end loop; end $$",
          never,
        );
        const notices = database.notices();
        expect(notices).toHaveLength(100);
        expect(notices.at(-1)).toEqual({
          severity: 'NOTICE',
          sqlState: '00000',
          message: 'note 105',
        });
      });

      it('says which server and which database it is, as psql does', async () => {
        const identity = await database.identity(never);
        const url = new URL(home.url);
        const psql = (sql: string) =>
          execFileSync(
            `${bed?.('DEPLOYCHECK_TEST_POSTGRES_TOOLS')}/psql`,
            ['-XAtc', sql, home.url],
            {
              encoding: 'utf8',
            },
          ).trim();
        expect(identity).toEqual({
          systemIdentifier: psql('select system_identifier from pg_control_system()'),
          database: home.name,
          serverVersion: Number(psql('show server_version_num')),
          serverVersionText: psql('show server_version'),
          host: '127.0.0.1',
          port: Number(url.port),
          serverAddress: '127.0.0.1',
          serverPort: Number(url.port),
          timeline: Number(psql('select timeline_id from pg_control_checkpoint()')),
          inRecovery: false,
        });
        expect(Math.floor(identity.serverVersion / 10_000)).toBe(major);
      });

      it('answers nothing once closed, and closes twice', async () => {
        const other = await open(home.url);
        await other.close();
        await other.close();
        await expect(other.query('select 1', [], never)).rejects.toMatchObject({
          code: 'database-failed',
        });
      });
    });
  }
});
