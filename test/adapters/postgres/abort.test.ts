import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../../src/adapters/postgres/postgres.ts';
import { systems } from '../../systems/bed.ts';
import { createDatabase, type TestDatabase } from '../../systems/postgres.ts';
import { proxy } from '../../systems/toxiproxy.ts';
import { never, open, postgres, through } from './open.ts';

const bed = await systems('postgres', 'toxiproxy');
const enough = new Error('enough');

describe.skipIf(!bed)('aborting', () => {
  let home: TestDatabase;
  let watcher: Database;

  beforeAll(async () => {
    const server = bed?.('DEPLOYCHECK_TEST_POSTGRES') ?? '';
    home = await createDatabase(server, 'abort');
    watcher = await open(server);
  });
  afterAll(async () => {
    await watcher.close();
    await home[Symbol.asyncDispose]();
  });

  const backends = async (state = '%') => {
    const { rows } = await watcher.query(
      'select pid from pg_stat_activity where datname = $1 and state like $2',
      [home.name, state],
      never,
    );
    return rows.length;
  };
  const isActive = () => vi.waitUntil(async () => (await backends('active')) === 1, 10_000);
  /** The statement would run for an hour, so only its cancelling can make this true. */
  const isGone = () => vi.waitUntil(async () => (await backends()) === 0, 10_000);

  it('is noticed before anything is sent', async () => {
    const settings = await postgres.settings({ url: home.url });
    await expect(postgres.connect(settings, AbortSignal.abort(enough))).rejects.toBe(enough);
    await using database = await open(home.url);
    await expect(database.query('select 1', [], AbortSignal.abort(enough))).rejects.toBe(enough);
    expect((await database.query('select 1 as one', [], never)).rows).toEqual([{ one: 1 }]);
  });

  it('ends a statement, its backend, and the connection', async () => {
    const database = await open(home.url);
    const controller = new AbortController();
    const asleep = database.query('select pg_sleep(3600)', [], controller.signal);
    const refused = expect(asleep).rejects.toBe(enough);
    await isActive();
    controller.abort(enough);
    await refused;
    await isGone();
    await expect(database.query('select 1', [], never)).rejects.toBe(enough);
    await database.close();
  });

  it('ends a script', async () => {
    const database = await open(home.url);
    const controller = new AbortController();
    const script = database.script('create table t (); select pg_sleep(3600)', controller.signal);
    const refused = expect(script).rejects.toBe(enough);
    await isActive();
    controller.abort(enough);
    await refused;
    await isGone();
  });

  it('ends reading in the middle of a batch', async () => {
    const database = await open(home.url);
    const controller = new AbortController();
    const sql =
      'select n, case when n > 10 then pg_sleep(3600)::text end from generate_series(1, 20) n';
    let read = 0;
    const reading = (async () => {
      for await (const _ of database.rows(sql, [], { batch: 5 }, controller.signal)) read++;
    })();
    const refused = expect(reading).rejects.toBe(enough);
    await vi.waitUntil(() => read === 10, 10_000);
    await isActive();
    controller.abort(enough);
    await refused;
    await isGone();
  });

  it('ends reading between two batches', async () => {
    const database = await open(home.url);
    const controller = new AbortController();
    const reading = (async () => {
      const sql = 'select generate_series(1, 20)';
      for await (const _ of database.rows(sql, [], { batch: 5 }, controller.signal)) {
        controller.abort(enough);
      }
    })();
    await expect(reading).rejects.toBe(enough);
    await isGone();
  });

  it('rolls a transaction back', async () => {
    await using database = await open(home.url);
    await database.script('create table kept (n int)', never);
    const controller = new AbortController();
    const work = database.transaction(
      {},
      async (inside) => {
        await inside.query('insert into kept values (1)', [], controller.signal);
        await inside.query('select pg_sleep(3600)', [], controller.signal);
      },
      controller.signal,
    );
    const refused = expect(work).rejects.toBe(enough);
    await isActive();
    controller.abort(enough);
    await refused;
    await isGone();
    await using after = await open(home.url);
    expect((await after.query('select * from kept', [], never)).rows).toEqual([]);
  });

  it('of a call that waits its turn leaves the connection to the others', async () => {
    await using database = await open(home.url);
    const controller = new AbortController();
    const first = database.query('select pg_sleep(0.2), 1 as one', [], never);
    const second = database.query('select 2', [], controller.signal);
    const third = database.query('select 3 as three', [], never);
    controller.abort(enough);
    await expect(second).rejects.toBe(enough);
    expect((await first).rows).toMatchObject([{ one: 1 }]);
    expect((await third).rows).toEqual([{ three: 3 }]);
  });

  it('settles when the server cannot be told', async () => {
    await using toxic = await proxy(
      bed?.('DEPLOYCHECK_TEST_TOXIPROXY') ?? '',
      new URL(home.url).host,
      bed?.('DEPLOYCHECK_TEST_FREE_PORTS') ?? '',
    );
    const database = await open(through(home.url, toxic.port));
    const controller = new AbortController();
    const asleep = database.query('select pg_sleep(3600)', [], controller.signal);
    const refused = expect(asleep).rejects.toBe(enough);
    await isActive();
    // Bytes are swallowed from here on, in both directions, and no connection is refused.
    await toxic.add({ type: 'timeout', timeout: 0 });
    await toxic.add({ type: 'timeout', timeout: 0 }, 'upstream');
    controller.abort(enough);
    await refused;
    await database.close();
    await watcher.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
      [home.name],
      never,
    );
    await isGone();
  });
});
