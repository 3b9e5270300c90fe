import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/core/fault.ts';
import { systems } from '../../systems/bed.ts';
import { createDatabase } from '../../systems/postgres.ts';
import { proxy } from '../../systems/toxiproxy.ts';
import { never, open, postgres, through } from './open.ts';

const bed = await systems('postgres', 'toxiproxy');

describe.skipIf(!bed)('connecting', () => {
  const server = () => bed?.('DEPLOYCHECK_TEST_POSTGRES') ?? '';
  const newProxy = () =>
    proxy(
      bed?.('DEPLOYCHECK_TEST_TOXIPROXY') ?? '',
      new URL(server()).host,
      bed?.('DEPLOYCHECK_TEST_FREE_PORTS') ?? '',
    );
  const changed = (change: (url: URL) => void): string => {
    const url = new URL(server());
    change(url);
    return url.href;
  };
  const fault = (url: string): Promise<Fault> =>
    open(url).then(
      () => expect.unreachable(),
      (error: Fault) => error,
    );

  it('says that nobody listens, and where', async () => {
    await using toxic = await newProxy();
    await toxic.disable();
    const error = await fault(through(server(), toxic.port));
    expect(error.code).toBe('database-unreachable');
    expect(error.message).toContain(`postgres@127.0.0.1:${toxic.port}/postgres: `);
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('says that the name is unknown', async () => {
    const error = await fault('postgres://u:pass-word@no-such-host.invalid/x');
    expect(error.code).toBe('database-unreachable');
    expect(error.message).toContain('no-such-host.invalid');
    expect(error.message).not.toContain('pass-word');
  });

  it('gives up on a server that says nothing', async () => {
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const settings = await postgres.settings({ url: `postgres://u@127.0.0.1:${port}/x` });
    await expect(
      postgres.connect({ ...settings, connectTimeoutMs: 50 }, never),
    ).rejects.toMatchObject({
      code: 'database-unreachable',
      message: `u@127.0.0.1:${port}/x: no answer in time`,
    });
    const controller = new AbortController();
    const connecting = postgres.connect({ ...settings, connectTimeoutMs: 0 }, controller.signal);
    await once(silent, 'connection');
    controller.abort(new Error('enough'));
    await expect(connecting).rejects.toThrow('enough');
    silent.close();
    await once(silent, 'close');
  });

  it('says that the server cuts the connection before it is open', async () => {
    await using toxic = await newProxy();
    await toxic.add({ type: 'reset_peer', timeout: 0 });
    const error = await fault(through(server(), toxic.port));
    expect(error.code).toBe('database-unreachable');
  });

  it('names what was refused, and never the password', async () => {
    const password = await fault(changed((url) => (url.password = 'wrong-pass-word')));
    expect(password.code).toBe('database-denied');
    expect(password.message).toContain('password authentication failed for user "postgres"');
    expect(JSON.stringify([password.message, String(password.cause)])).not.toContain('wrong-pass');
    const database = await fault(changed((url) => (url.pathname = '/nosuch')));
    expect(database.code).toBe('database-denied');
    expect(database.message).toContain('database "nosuch" does not exist');
    const none = await fault(changed((url) => (url.password = '')));
    expect(none.code).toBe('database-denied');
    expect(none.message).toContain('the server asks for a password, and none is known');
    const options = await fault(`${server()}?options=-c%20nosuch%3D1`);
    expect(options).toMatchObject({ code: 'database-denied' });
    expect(options.message).toContain('nosuch');
  });

  it('says that TLS is wanted and not to be had', async () => {
    const error = await fault(`${server()}?sslmode=require`);
    expect(error.code).toBe('database-denied');
    expect(error.message).toContain('does not support SSL');
  });

  it('says that no connection is free', async () => {
    await using home = await createDatabase(server(), 'limited');
    await using owner = await open(server());
    const role = `${home.name}_role`;
    await owner.script(
      `create role ${role} login password 'sesame-open' connection limit 0`,
      never,
    );
    const url = new URL(home.url);
    url.username = role;
    url.password = 'sesame-open';
    const error = await fault(url.href);
    expect(error.code).toBe('database-unreachable');
    expect(error.message).toContain('too many connections');
    await owner.script(`drop role ${role}`, never);
  });

  it('takes a password of any characters, and options of the session', async () => {
    await using home = await createDatabase(server(), 'odd');
    await using owner = await open(server());
    const role = `${home.name} "rôle"`;
    const password = `p:a\\s@s/w?o&r%d #'"ü🚀`;
    await owner.script(
      `create role "${role.replaceAll('"', '""')}" login password '${password.replaceAll("'", "''")}'`,
      never,
    );
    const url = new URL(home.url);
    const address = `postgresql://${encodeURIComponent(role)}:${encodeURIComponent(password)}@${url.host}/${home.name}?options=${encodeURIComponent('-c work_mem=77MB')}&application_name=a%20b`;
    await using database = await open(address);
    const { rows } = await database.query(
      "select current_user::text as who, current_setting('work_mem') as memory, current_setting('application_name') as name",
      [],
      never,
    );
    expect(rows[0]).toEqual({ who: role, memory: '77MB', name: 'a b' });
    await database.close();
    await owner.script(`drop role "${role.replaceAll('"', '""')}"`, never);
  });

  it('notices a connection lost in the middle of a statement, and after', async () => {
    await using toxic = await newProxy();
    const database = await open(through(server(), toxic.port));
    const asleep = database.query('select pg_sleep(60)', [], never);
    const refused = expect(asleep).rejects.toMatchObject({
      code: 'database-failed',
      message: expect.stringContaining(`:${toxic.port}/postgres: the connection was lost`),
    });
    await toxic.disable();
    await refused;
    await expect(database.query('select 1', [], never)).rejects.toMatchObject({
      code: 'database-failed',
    });
    await database.close();
  });

  it('notices an answer that is cut short', async () => {
    await using toxic = await newProxy();
    await using database = await open(through(server(), toxic.port));
    await toxic.add({ type: 'limit_data', bytes: 50_000 });
    const read: unknown[] = [];
    const reading = async () => {
      const sql = "select n, repeat('x', 100) from generate_series(1, 100000) n";
      for await (const row of database.rows(sql, [], { batch: 10 }, never)) read.push(row);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'database-failed' });
    expect(read.length).toBeGreaterThan(0);
    expect(read.length).toBeLessThan(1000);
  });

  it('says that an administrator ended it', async () => {
    await using owner = await open(server());
    await using database = await open(server());
    const { rows } = await database.query('select pg_backend_pid() as pid', [], never);
    const asleep = database.query('select pg_sleep(60)', [], never);
    const refused = expect(asleep).rejects.toMatchObject({
      code: 'database-failed',
      message: expect.stringContaining('due to administrator command'),
    });
    await owner.query('select pg_terminate_backend($1)', [Number(rows[0]?.pid)], never);
    await refused;
  });
});
