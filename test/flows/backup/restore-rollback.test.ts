import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/adapters/postgres/postgres.ts';
import { readDatabases } from '../../../src/backup/database/kept-note.ts';
import { keptName } from '../../../src/backup/database/switch.ts';
import { restoreSet } from '../../../src/backup/restore/restore.ts';
import {
  planRollback,
  type RollbackTarget,
  rollBackRestore,
} from '../../../src/backup/restore/rollback.ts';
import { systems } from '../../systems/bed.ts';
import { type Fixture, fixture } from './fixture.ts';
import { connect, never, unique } from './support.ts';

const bed = await systems('postgres', 'minio');
const comment = "the shop's own, \\ and\nof two lines";

describe.skipIf(!bed)('undoing a restore', () => {
  let shop: Fixture;
  let set: string;
  let admin: Database;
  beforeAll(async () => {
    if (!bed) return;
    shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    set = await shop.create();
    admin = await connect(shop.serverUrl);
  });
  afterAll(async () => {
    await admin?.close();
    await shop?.[Symbol.asyncDispose]();
  });
  let name = '';
  afterEach(async () => {
    for (const { datname } of await ask('select datname from pg_database where datname ~ $1', name))
      await ask(`drop database "${datname}" with (force)`);
    for (const { datname } of await ask(
      "select datname from pg_database where datname like 'of_somebody%'",
    ))
      await ask(`drop database "${datname}" with (force)`);
  });

  const ask = async (sql: string, ...parameters: readonly string[]) =>
    (await admin.query(sql, parameters, never)).rows;
  const databases = async () => readDatabases(admin, never);
  const named = async (of: string) => (await databases()).find((entry) => entry.name === of);

  /** A database with a comment, and the set in its place. */
  const replaced = async (): Promise<{ readonly oid: string; readonly kept: string }> => {
    name = unique('target');
    await ask(`create database ${name}`);
    await admin.script(
      `comment on database ${name} is E'${comment.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n')}'`,
      never,
    );
    const oid = (await named(name))?.oid ?? '';
    return { oid, kept: await restoreAgain() };
  };
  const restoreAgain = async (): Promise<string> => {
    const target = {
      database: { server: { env: 'SERVER_URL' }, name },
      buckets: [],
      replace: true,
    };
    const { keptAs } = await shop.open(set, async (opened, home, systems) => {
      if (!opened.manifest) throw new Error(opened.problem);
      return restoreSet(opened, target, home, systems);
    });
    return keptAs ?? '';
  };
  const target = (change: Partial<RollbackTarget> = {}): RollbackTarget => ({
    server: { env: 'SERVER_URL' },
    ...{ name, kept: null, replace: false },
    ...change,
  });
  const rollBack = (change: Partial<RollbackTarget> = {}, now?: Date) =>
    shop.bench.run((systems) =>
      rollBackRestore(target(change), {
        ...systems,
        clock: { ...systems.clock, now: () => now ?? systems.clock.now() },
      }),
    );
  const urlOf = (database: string) =>
    Object.assign(new URL(shop.serverUrl), { pathname: database });

  it('gives the name back with the comment, and does it once', async () => {
    const { oid, kept } = await replaced();
    const restored = await named(name);
    expect((await named(kept))?.comment).toContain(
      `kept since the set ${set} took the name ${name}`,
    );
    // Who is connected does not keep it from being renamed.
    await using _ = await connect(urlOf(name).href);
    const plan = await shop.bench.run((systems) => planRollback(target(), systems));
    expect(plan.lines).toEqual([
      expect.stringMatching(new RegExp(`^${kept}, .* is called ${name} again$`)),
      expect.stringMatching(
        new RegExp(`the database ${name} that is there is kept as ${name}_rest`),
      ),
    ]);
    expect((await named(name))?.oid).toBe(restored?.oid);
    await rollBack();
    expect(await named(name)).toMatchObject({ oid, comment });
    const aside = (await databases()).find((entry) => entry.oid === restored?.oid);
    expect(aside?.name).toMatch(new RegExp(`^${name}_restored_\\d{8}T\\d{9}Z$`));
    expect(await named(kept)).toBeUndefined();

    expect(await rollBack()).toEqual({
      type: 'done already',
      lines: [
        expect.stringContaining(`${name} is the database from before the restore already`),
        expect.stringContaining(`kept as ${aside?.name}`),
      ],
    });
    expect(await named(name)).toMatchObject({ oid, comment });
  });

  it('is refused when nothing, or nothing that says so itself, was put aside', async () => {
    const { kept } = await replaced();
    const refused = (change: Partial<RollbackTarget>, message: RegExp) =>
      expect(rollBack(change)).rejects.toMatchObject({
        code: 'restore-refused',
        message: expect.stringMatching(message),
      });
    await refused({ name: 'never_restored' }, /no database of this server says/);
    await refused({ kept: 'template1' }, new RegExp(`these do: ${kept}$`));
    const note = (await named(kept))?.comment ?? '';
    const copy = unique('of_somebody');
    await ask(`create database ${copy}`);
    const say = (database: string, text: string) =>
      admin.script(`comment on database "${database}" is '${text.replaceAll("'", "''")}'`, never);
    // A comment that was copied is about another database.
    await say(copy, note);
    await refused({ kept: copy }, /does not say/);
    await say(kept, note.replace(/"systemIdentifier":"\d+"/, '"systemIdentifier":"1"'));
    await refused({}, /no database of this server says/);
    await say(kept, note.slice(0, -2));
    await refused({}, /no database of this server says/);
    await say(kept, note);
    expect((await rollBack()).type).toBe('switch');
  });

  it('is refused when several were put aside and none is named', async () => {
    const { oid, kept } = await replaced();
    const second = await restoreAgain();
    await expect(rollBack()).rejects.toMatchObject({
      code: 'restore-refused',
      message: expect.stringMatching(/several .* --kept: /),
    });
    // The first is not what the second restore put aside.
    await expect(rollBack({ kept })).rejects.toMatchObject({
      message: expect.stringMatching(/is not the database that the restore .* put there/),
    });
    await rollBack({ kept: second });
    await rollBack({ kept });
    expect(await named(name)).toMatchObject({ oid, comment });
  });

  it('is refused when the name is that of another database by now, unless that may go', async () => {
    const { oid } = await replaced();
    await ask(`alter database ${name} rename to ${name}_elsewhere`);
    await ask(`create database ${name}`);
    const other = (await named(name))?.oid;
    await expect(rollBack()).rejects.toMatchObject({
      code: 'restore-refused',
      message: expect.stringContaining('--replace'),
    });
    expect((await named(name))?.oid).toBe(other);
    await rollBack({ replace: true });
    expect(await named(name)).toMatchObject({ oid, comment });
  });

  it('finds the name free', async () => {
    const { oid } = await replaced();
    await ask(`drop database ${name} with (force)`);
    await rollBack();
    expect(await named(name)).toMatchObject({ oid, comment });
  });

  it('is refused through the database that is to be renamed', async () => {
    await replaced();
    const rolling = shop.bench.run((systems) => rollBackRestore(target(), systems), {
      env: { SERVER_URL: urlOf(name).href },
    });
    await expect(rolling).rejects.toMatchObject({
      code: 'restore-refused',
      message: expect.stringContaining('--to connects to'),
    });
  });

  it('leaves all as it was when it fails between the two renames', async () => {
    await replaced();
    const before = await databases();
    // The name is given up first; that of the kept one is not to be had.
    await using holder = await connect(shop.serverUrl);
    const kept = before.find((entry) => entry.name.startsWith(`${name}_before`))?.name;
    await holder.script(`begin; comment on database "${kept}" is 'held'`, never);
    const rolling = rollBack();
    const ended = expect(rolling).rejects.toMatchObject({ code: 'database-failed' });
    const waiting = `select pid from pg_stat_activity
      where wait_event_type = 'Lock' and query like 'begin;%' and query like '%' || $1 || '%'`;
    await expect.poll(async () => (await ask(waiting, name)).length, { timeout: 20_000 }).toBe(1);
    const [row] = await ask(waiting, name);
    await ask('select pg_terminate_backend($1::int)', String(row?.pid));
    await ended;
    await holder.script('rollback', never);
    expect(await databases()).toEqual(before);

    // The name it would be kept under is taken.
    const now = new Date('2026-01-01T00:00:00.000Z');
    await ask(`create database "${keptName(name, now, 'restored')}"`);
    const again = await databases();
    await expect(rollBack({}, now)).rejects.toThrow(/already exists/);
    expect(await databases()).toEqual(again);
  });

  it('is done or not done while sessions keep coming back', async () => {
    const { oid } = await replaced();
    const before = await databases();
    let coming = true;
    const session = async () => {
      while (coming) {
        try {
          await using _ = await connect(urlOf(name).href);
        } catch {
          // It was ended, or there is no such database for a moment.
        }
      }
    };
    const sessions = [session(), session(), session()];
    const outcome = await rollBack().then(
      () => 'done',
      (error: { code?: string }) => error.code,
    );
    coming = false;
    await Promise.all(sessions);
    expect(['done', 'database-failed']).toContain(outcome);
    if (outcome === 'done') expect(await named(name)).toMatchObject({ oid, comment });
    else expect(await databases()).toEqual(before);
  });
});
