import { randomBytes } from 'node:crypto';
import { mkdir, readdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system.ts';
import { createSet } from '../../../src/backup/create.ts';
import { dropScratchDatabase } from '../../../src/backup/database/scratch-database.ts';
import { rehearseSet } from '../../../src/backup/rehearse.ts';
import { namedSet } from '../../../src/backup/set/sets.ts';
import { openRepository } from '../../../src/backup/sources.ts';
import type { BackupEvent, BackupSystems } from '../../../src/backup/systems.ts';
import { verifySet } from '../../../src/backup/verify.ts';
import { systems } from '../../systems/bed.ts';
import { type OtherBed, otherBed } from '../../systems/other-bed.ts';
import { createDatabase, type TestDatabase } from '../../systems/postgres.ts';
import { killedServer } from '../../systems/servers.ts';
import {
  canLoop,
  canMount,
  lyingFilesystem,
  smallFilesystem,
} from '../../systems/small-filesystem.ts';
import { databasesOf } from './fixture.ts';
import { oddDatabase } from './odd-database.ts';
import {
  adaptersWith,
  type Bench,
  bench,
  connect,
  never,
  newKeyPair,
  sourceOf,
} from './support.ts';
import { rig } from './tries/rig.ts';

const bed = await systems('postgres', 'minio', 'toxiproxy');
const day = 86_400_000;

/** A database, and a repository with a set that has to stay good whatever happens to others. */
async function prepared(url: string) {
  await using connection = await connect(url);
  await connection.script(oddDatabase, never);
  const at = await bench({ DB_URL: url, SERVER_URL: url });
  const place = { url: `file:${join(at.folder, 'repository')}` };
  const create = (change: Partial<BackupSystems> = {}, to = place) =>
    at.run(async (own) => (await createSet(sourceOf(), to, own)).manifest.set, change);
  const first = await create();
  const verdict = (set: string, to = place) =>
    at.run(async (own) => {
      const repository = await openRepository(to, own);
      return (await verifySet(await namedSet(repository, set, never), repository, own)).verdict;
    });
  /** Nothing is lost or left, and the next set can be made. */
  const isAsBefore = async () => {
    expect(await verdict(first)).toBe('good');
    for (const set of await readdir(join(at.folder, 'repository/sets'))) {
      expect(await verdict(set)).toBe('good');
    }
    expect(await readdir(join(at.folder, 'repository/partial'))).toEqual([]);
    expect(await readdir(join(at.home, 'leftovers'))).toEqual([]);
    expect(await verdict(await create())).toBe('good');
  };
  return { at, place, create, verdict, isAsBefore };
}

/** Does something when a step begins. */
const when =
  (step: string, work: () => void) =>
  (event: BackupEvent): void => {
    if (event.type === 'step' && event.name === step) work();
  };

describe.skipIf(!bed)('a backup', () => {
  let database: TestDatabase;
  let at: Bench;
  let own: Awaited<ReturnType<typeof prepared>>;
  beforeAll(async () => {
    if (!bed) return;
    database = await createDatabase(bed('DEPLOYCHECK_TEST_POSTGRES'), 'disturbed');
    own = await prepared(database.url);
    at = own.at;
  });
  afterAll(async () => {
    await at?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  it.skipIf(!canMount())('says that its folder is read-only', async () => {
    await using disk = await smallFilesystem('size=1m,ro');
    const to = { url: `file:${join(disk.folder, 'repository')}` };
    await expect(own.create({}, to)).rejects.toMatchObject({
      code: 'repository-unwritable',
      message: expect.stringMatching(/read-only/),
    });
  });

  it.skipIf(!canLoop())('publishes nothing that could not be synced', async () => {
    await using disk = await lyingFilesystem('1m');
    const to = { url: `file:${join(disk.folder, 'repository')}` };
    await mkdir(join(disk.folder, 'repository'));
    const first = await own.create({}, to);
    await using connection = await connect(database.url);
    // More than the device has room for, and than compression makes small.
    await connection.script(
      `create table random_bytes as select string_agg(sha256(g::text::bytea), '') as b
       from generate_series(1, 60000) g group by g % 60`,
      never,
    );
    try {
      // It has room for all of it, as far as it says: what fails is the sync.
      const { bavail, bsize } = await statfs(disk.folder);
      expect(bavail * bsize).toBeGreaterThan(40 * 1024 * 1024);
      await expect(own.create({}, to)).rejects.toMatchObject({
        code: 'repository-unwritable',
        message: expect.stringMatching(/no space|EIO/),
      });
    } finally {
      await connection.script('drop table random_bytes', never);
    }
    expect(await own.verdict(first, to)).toBe('good');
    expect(await readdir(join(disk.folder, 'repository/sets'))).toEqual([first]);
  });

  it('gives up behind a lock that is not given back, and says so', async () => {
    await using holder = await connect(database.url);
    const held = Promise.withResolvers<void>();
    const enough = Promise.withResolvers<void>();
    const holding = holder.transaction(
      {},
      async (transaction) => {
        await transaction.script('lock table twins in access exclusive mode', never);
        held.resolve();
        await enough.promise;
      },
      never,
    );
    await held.promise;
    try {
      await expect(own.create()).rejects.toMatchObject({
        code: expect.stringMatching(/^database-/),
        message: expect.stringMatching(/lock/),
      });
    } finally {
      enough.resolve();
      await holding;
    }
    await own.isAsBefore();
  }, 120_000);

  it('and a table that is dropped meanwhile do each other no harm', async () => {
    await using other = await connect(database.url);
    await other.script('create table passing as select 1 as v', never);
    let dropping: Promise<void> | undefined;
    const creating = own.create({
      onEvent: when('dump', () => {
        dropping = other.script('drop table passing', never);
      }),
    });
    // Whichever comes first: the drop waits for the backup, or the backup finds no table.
    const set = await creating.catch((error: unknown) => error);
    await dropping;
    if (typeof set === 'string') expect(await own.verdict(set)).toBe('good');
    else expect(set).toMatchObject({ code: expect.stringMatching(/^(?:database|tool)-failed$/) });
    await own.isAsBefore();
  });

  it.each([
    ['forward', day],
    ['back', -day],
  ])('whose clock jumps %s publishes a whole set or none', async (_, by) => {
    let jumped = 0;
    const clock = { ...systemClock, now: () => new Date(Date.now() + jumped) };
    const creating = own.create({
      clock,
      onEvent: when('references', () => {
        jumped = by;
      }),
    });
    const set = await creating.catch((error: unknown) => error);
    if (typeof set === 'string') expect(await own.verdict(set)).toBe('good');
    else expect(set).toMatchObject({ code: 'lease-lost' });
    await own.isAsBefore();
  });

  it('for nobody who has not the key is no backup that can be rehearsed', async () => {
    const [keys, stranger] = [newKeyPair(), newKeyPair()];
    const place = {
      url: `file:${join(at.folder, 'sealed')}`,
      encryption: { recipients: [keys.recipient] },
    };
    const set = await at.run(async (use) => (await createSet(sourceOf(), place, use)).manifest.set);
    const identity = join(at.folder, 'stranger.txt');
    await writeFile(identity, stranger.identity, { mode: 0o600 });
    const rehearsing = at.run(async (use) => {
      const repository = await openRepository({ ...place, identity }, use);
      const opened = await namedSet(repository, set, never);
      if (!opened.manifest) throw new Error(opened.problem);
      const stage = { server: { env: 'SERVER_URL' }, stores: new Map() };
      return rehearseSet(opened, stage, repository, use);
    });
    await expect(rehearsing).rejects.toMatchObject({
      code: 'identity-wrong',
      message: expect.stringContaining(keys.recipient),
    });
  });
});

describe.skipIf(!bed)('a server that restarts in the middle of a backup', () => {
  let other: OtherBed;
  let url: string;
  beforeAll(async () => {
    other = await otherBed();
    const { stdout, stderr } = await other.testbed(['up', '--only', 'postgres']);
    url = /DEPLOYCHECK_TEST_POSTGRES='([^']+)'/.exec(stdout)?.[1] ?? '';
    if (url === '') throw new Error(`no server: ${stdout}${stderr}`);
  }, 180_000);
  afterAll(() => other?.[Symbol.asyncDispose]());

  it('leaves older sets whole and the next one possible', async () => {
    const database = await createDatabase(url, 'restarted');
    const own = await prepared(database.url);
    await using _ = own.at;
    let killed: Promise<AsyncDisposable> | undefined;
    const creating = own.create({
      onEvent: when('dump', () => {
        killed = killedServer(other.bed, 'postgres', 'postgres');
      }),
    });
    await expect(creating).rejects.toMatchObject({
      code: expect.stringMatching(/^database-(?:failed|unreachable)$/),
    });
    const server = await killed;
    await server?.[Symbol.asyncDispose]();
    await own.isAsBefore();
  }, 120_000);
});

describe.skipIf(!bed)('a rehearsal whose server is gone by its end', () => {
  it('says what it could not remove, and clean removes it', async () => {
    if (!bed) return;
    await using own = await rig(bed, 'folder');
    expect((await own.run(['backup', 'create'])).exitCode).toBe(0);
    const running = own.start(['backup', 'rehearse']);
    await running.line(/"done","step":"restore database"/);
    await own.databaseWay.disable();
    const { exitCode, stderr } = await running.ended;
    expect([exitCode, stderr]).toEqual([5, expect.stringMatching(/\(database-\w+\)/)]);
    expect(stderr).toMatch(
      /could not undo: scratch database deploycheck_scratch_\w+: .*\n.*`deploycheck clean` removes it/,
    );
    await own.databaseWay.heal();
    const cleaned = await own.run(['clean']);
    expect([cleaned.exitCode, cleaned.stdout]).toEqual([
      0,
      expect.stringContaining('removed: scratch database'),
    ]);
    expect(await databasesOf(own.shop)).toEqual([]);
  });
});

describe.skipIf(!bed)(
  'a scratch database that its server still makes when its maker has died',
  () => {
    it('does not appear after it was removed', async () => {
      const server = bed?.('DEPLOYCHECK_TEST_POSTGRES') ?? '';
      const name = `deploycheck_scratch_${randomBytes(8).toString('hex')}`;
      await using admin = await connect(server);
      /** What the statement that makes it waits for; undefined once it is over. */
      const making = async () => {
        const { rows } = await admin.query(
          `select coalesce(wait_event_type, 'nothing') as wait from pg_stat_activity
           where state = 'active' and query like '%' || $1 || '%'`,
          [name],
          never,
        );
        return rows[0]?.wait;
      };
      const maker = new Client({ connectionString: server });
      maker.on('error', () => undefined);
      await maker.connect();
      await maker.query(`set application_name = ${name}`);
      await using holder = await connect(server);
      const undone = holder.transaction(
        {},
        async (transaction) => {
          // It keeps others from copying the template until this ends.
          await transaction.script(`comment on database template0 is 'held'`, never);
          maker.query(`create database "${name}" template template0`).catch(() => undefined);
          await vi.waitUntil(async () => (await making()) === 'Lock', { timeout: 20_000 });
          maker.connection.stream.destroy();
          const { systemIdentifier } = await admin.identity(never);
          const marker = 'never written';
          const ref = { server: { env: 'SERVER_URL' }, systemIdentifier, name, marker };
          const env = { SERVER_URL: server };
          await dropScratchDatabase(JSON.stringify(ref), adaptersWith(env), never, env);
          throw new Error('rolled back');
        },
        never,
      );
      await expect(undone).rejects.toThrow('rolled back');
      await vi.waitUntil(async () => (await making()) === undefined, { timeout: 20_000 });
      const { rows } = await admin.query(
        'select datname from pg_database where datname = $1',
        [name],
        never,
      );
      expect(rows).toEqual([]);
    });
  },
);
