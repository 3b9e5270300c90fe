import { chmod, link, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSet } from '../../../src/backup/create.ts';
import { rehearseSet } from '../../../src/backup/rehearse.ts';
import { restoreSet } from '../../../src/backup/restore/restore.ts';
import { listSets } from '../../../src/backup/set/list.ts';
import { undoUnfinishedSet } from '../../../src/backup/set/unfinished.ts';
import { openRepository } from '../../../src/backup/sources.ts';
import type { BackupEvent } from '../../../src/backup/systems.ts';
import { systems } from '../../systems/bed.ts';
import { createDatabase, type TestDatabase } from '../../systems/postgres.ts';
import { canMount, smallFilesystem } from '../../systems/small-filesystem.ts';
import { proxy } from '../../systems/toxiproxy.ts';
import { databasesOf, fixture } from './fixture.ts';
import { oddDatabase } from './odd-database.ts';
import { type Bench, bench, connect, never, sourceOf, unique } from './support.ts';

const bed = await systems('postgres', 'postgres-next', 'minio', 'toxiproxy');

describe.skipIf(!bed)('a backup that fails', () => {
  let database: TestDatabase;
  let at: Bench;
  let good: string;
  beforeAll(async () => {
    if (!bed) return;
    database = await createDatabase(bed('DEPLOYCHECK_TEST_POSTGRES'), 'faults');
    await using connection = await connect(database.url);
    await connection.script(oddDatabase, never);
    at = await bench({ DB_URL: database.url });
    good = await create();
  });
  afterAll(async () => {
    await at?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });
  afterEach(() => vi.unstubAllEnvs());

  const place = () => ({ url: `file:${join(at.folder, 'repository')}` });
  const create = (url = database.url, to = place()) =>
    at.run(async (systems) => (await createSet(sourceOf(), to, systems)).manifest.set, {
      env: { DB_URL: url },
    });
  const sets = (to = place()) =>
    at.run(async (systems) => listSets(await openRepository(to, systems), systems.clock, never));
  /** No set more, nothing half-written, no journal, no ledger. */
  const nothingIsLeft = async () => {
    expect(await sets()).toMatchObject([{ set: good, state: 'complete' }]);
    expect(await readdir(join(at.folder, 'repository/partial'))).toEqual([]);
    expect(await readdir(join(at.folder, 'repository/sets'))).toEqual([good]);
    expect(await readdir(at.home)).toEqual(['leftovers']);
    expect(await readdir(join(at.home, 'leftovers'))).toEqual([]);
  };
  /** A program of that name that comes first on PATH. */
  const shadow = async (name: string, script: string) => {
    const { stdout } = await execa('which', [name]);
    const folder = join(at.folder, `bin-${Math.random()}`);
    await mkdir(folder);
    await writeFile(join(folder, name), `#!/bin/sh\n${script.replaceAll('REAL', stdout)}\n`);
    await chmod(join(folder, name), 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  };
  const onDump = (then: string) => `case "$*" in *custom*) ${then};; *) exec REAL "$@";; esac`;

  it('was killed between the two names of its last file, which is one too many', async () => {
    const root = join(at.folder, 'repository');
    const [manifest, second] = [`sets/${good}/manifest.json`, `partial/${good}.0123456789ab`];
    await link(join(root, manifest), join(root, second));
    const journal = join(at.home, `backup-${good}.journal`);
    const ref = JSON.stringify({ repository: place().url, set: good, journal });
    await at.run(({ adapters }) => undoUnfinishedSet(ref, adapters, never));
    await nothingIsLeft();
  });

  it.each([
    [
      'is killed in the middle',
      'REAL "$@" | head -c 9000; kill -KILL $$',
      'tool-failed',
      /SIGKILL/,
    ],
    [
      'fails after all was written',
      'REAL "$@"; echo "pg_dump: error: odd" >&2; exit 1',
      'tool-failed',
      /odd/,
    ],
    ['writes nothing, and says that all is well', 'exit 0', 'tool-failed', /wrote nothing/],
    [
      'loses the connection',
      'echo "pg_dump: error: connection to server at x failed" >&2; exit 1',
      'database-failed',
      /connection/,
    ],
  ])('leaves no set when pg_dump %s', async (_, then, code, message) => {
    await shadow('pg_dump', onDump(then));
    await expect(create()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await nothingIsLeft();
  });

  it('leaves no set when there is no pg_dump', async () => {
    vi.stubEnv('PATH', '/nonexistent');
    await expect(create()).rejects.toMatchObject({ code: 'tool-missing' });
    await nothingIsLeft();
  });

  it('does without roles when pg_dumpall is not allowed to read them, and says so', async () => {
    await shadow(
      'pg_dumpall',
      'echo "pg_dumpall: error: permission denied for table pg_authid" >&2; exit 1',
    );
    const to = { url: `file:${join(at.folder, 'second')}` };
    const { manifest } = await at.run((systems) => createSet(sourceOf(), to, systems));
    expect(manifest.database?.globals).toBeNull();
    expect(manifest.missing).toContainEqual({
      what: 'roles and tablespaces',
      why: expect.stringContaining('permission denied'),
    });
  });

  it('leaves no set when the connection is cut', async () => {
    if (!bed) return;
    await using cut = await proxy(
      bed('DEPLOYCHECK_TEST_TOXIPROXY'),
      new URL(database.url).host,
      bed('DEPLOYCHECK_TEST_FREE_PORTS'),
    );
    const url = new URL(database.url);
    url.port = String(cut.port);
    await cut.add({ type: 'limit_data', bytes: 30_000 });
    await expect(create(url.href)).rejects.toMatchObject({
      code: expect.stringMatching(/^database-(?:failed|unreachable)$/),
    });
    await nothingIsLeft();
  });

  it('says that the client is older than the server', async () => {
    if (!bed) return;
    await expect(create(bed('DEPLOYCHECK_TEST_POSTGRES_NEXT'))).rejects.toMatchObject({
      code: 'client-too-old',
      message: expect.stringMatching(/version 15\..*PostgreSQL 17/),
    });
    await nothingIsLeft();
  });

  it('names what this role may not read', async () => {
    await using connection = await connect(database.url);
    const role = `${database.name}_reader`;
    await connection.script(`create role ${role} login password 'reader-of-all'`, never);
    try {
      const url = new URL(database.url);
      [url.username, url.password] = [role, 'reader-of-all'];
      await expect(create(url.href)).rejects.toMatchObject({
        code: 'database-denied',
        message: expect.stringMatching(/may not read .*\(no privilege\).* and \d+ more/),
      });
      await connection.script(
        `grant usage on schema public, "Sales ""East"" 'q'" to ${role};
         grant select on all tables in schema public to ${role};
         grant select on all tables in schema "Sales ""East"" 'q'" to ${role};
         grant select on all sequences in schema public to ${role}`,
        never,
      );
      await expect(create(url.href)).rejects.toMatchObject({
        message: expect.stringMatching(/may not read public\.guarded \(row security\)/),
      });
    } finally {
      await connection.script(`drop owned by ${role}; drop role ${role}`, never);
    }
    await nothingIsLeft();
  });

  it('gives up behind a lock, and leaves no set', async () => {
    await using holder = await connect(database.url);
    const held = Promise.withResolvers<void>();
    const enough = new AbortController();
    const holding = holder.transaction(
      {},
      async (transaction) => {
        await transaction.script('lock table twins in access exclusive mode', never);
        held.resolve();
        await new Promise<void>((resolve) =>
          enough.signal.addEventListener('abort', () => resolve()),
        );
      },
      never,
    );
    await held.promise;
    // Somebody loses patience before the lock does.
    const controller = new AbortController();
    const creating = at.run((systems) => createSet(sourceOf(), place(), systems), {
      signal: controller.signal,
      onEvent: (event) =>
        event.type === 'step' && event.name === 'dump' && controller.abort(new Error('enough')),
    });
    await expect(creating).rejects.toThrow('enough');
    enough.abort();
    await holding;
    await nothingIsLeft();
  });

  it('says that a table was dropped while it was read', async () => {
    // Otherwise pg_dump may be the first to say so.
    await shadow('pg_dump', 'case "$*" in *--version*) ;; *) sleep 20;; esac; exec REAL "$@"');
    await using holder = await connect(database.url);
    await using other = await connect(database.url);
    await other.script('create table zzz_passing as select 1 as v', never);
    const isAwaited = async () => {
      const { rows } = await other.query(
        `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%from only%zzz_passing%'`,
        [],
        never,
      );
      return rows.length === 1;
    };
    let dropping: Promise<void> | undefined;
    const drop = () =>
      holder.transaction(
        {},
        async (transaction) => {
          await transaction.script('lock table zzz_passing in access exclusive mode', never);
          await vi.waitUntil(isAwaited, { timeout: 15_000 });
          await transaction.script('drop table zzz_passing', never);
        },
        never,
      );
    const creating = at.run((systems) => createSet(sourceOf(), place(), systems), {
      onEvent: (event) => {
        if (event.type === 'step' && event.name === 'dump') dropping = drop();
      },
    });
    await expect(creating).rejects.toMatchObject({
      code: 'database-failed',
      message: expect.stringMatching(/zzz_passing.*dropped or changed while it was read/),
    });
    await dropping;
    await nothingIsLeft();
  });

  it.skipIf(!canMount())('leaves older sets whole when the disk is full', async () => {
    await using disk = await smallFilesystem('size=128k');
    const to = { url: `file:${join(disk.folder, 'repository')}` };
    const first = await create(database.url, to);
    await writeFile(join(disk.folder, 'filler'), Buffer.alloc(4096));
    for (let size = 1; ; size *= 2) {
      try {
        await writeFile(join(disk.folder, `filler-${size}`), Buffer.alloc(size * 4096));
      } catch {
        break;
      }
    }
    await expect(create(database.url, to)).rejects.toMatchObject({ code: 'repository-unwritable' });
    expect(await sets(to)).toMatchObject([{ set: first, state: 'complete' }]);
    expect(await readdir(join(disk.folder, 'repository/sets'))).toEqual([first]);
  });
});

describe.skipIf(!bed)('a backup that fails after objects were copied', () => {
  it('removes those that only it stored, unless another set was begun since', async () => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    const root = join(shop.bench.folder, 'repository');
    const [bucket] = shop.buckets;
    if (!bucket) throw new Error('no bucket');
    const again = { ...bucket, name: 'again' };
    /** Objects of the first bucket are stored by then. */
    const failing = (meanwhile = () => {}) => {
      const controller = new AbortController();
      const onEvent = ({ type, ...event }: BackupEvent) => {
        if (type !== 'step' || !('name' in event) || event.name !== 'bucket again') return;
        meanwhile();
        controller.abort(new Error('enough'));
      };
      const { signal } = controller;
      const source = sourceOf([bucket, again]);
      return shop.bench.run((systems) => createSet(source, shop.place, systems), {
        onEvent,
        signal,
      });
    };
    await expect(failing()).rejects.toThrow('enough');
    expect((await readdir(root)).sort()).toEqual(['leases', 'partial']);

    // Nothing is taken from a set that was begun while the other was at work.
    let second: Promise<string> | undefined;
    await expect(
      failing(() => {
        second = shop.create();
      }),
    ).rejects.toThrow('enough');
    const set = await second;
    expect(await shop.verify(set ?? '')).toMatchObject({ verdict: 'good' });
    expect(await readdir(join(root, 'sets'))).toEqual([set]);
  });

  it('is no matter for a backup beside it', async () => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'DEPLOYCHECK_TEST_S3');
    const made = await Promise.all([shop.create(), shop.create()]);
    for (const set of made) expect(await shop.verify(set)).toMatchObject({ verdict: 'good' });
  });
});

describe.skipIf(!bed)('a rehearsal', () => {
  it('says what the environment lacks, apart from what is wrong', async () => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    const set = await shop.create();
    expect(await shop.rehearse(set, { server: null, stores: new Map() })).toMatchObject({
      verdict: 'could-not-check',
      lacking: [{ what: 'a database server' }, { what: 'a store for the bucket invoices' }],
    });
    const lacking = await shop.open(set, async (opened, home, systems) => {
      if (!opened.manifest?.database) throw new Error('no database');
      const database = {
        ...opened.manifest.database,
        roles: ['postgres', 'nobody_of_this_name'],
        extensions: [{ name: 'no_such_extension', version: '1' }],
      };
      const manifest = { ...opened.manifest, database, buckets: [] };
      return rehearseSet({ manifest, digest: opened.digest }, shop.stage, home, systems);
    });
    expect(lacking.rehearsal).toMatchObject({
      verdict: 'could-not-check',
      lacking: [{ what: 'role nobody_of_this_name' }, { what: 'extension no_such_extension' }],
    });
  });

  it('and a restore are kept apart: a restore without what the server lacks is none', async () => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    const set = await shop.create();
    const name = unique('never');
    const restoring = shop.open(set, async (opened, home, systems) => {
      if (!opened.manifest?.database) throw new Error('no database');
      const database = { ...opened.manifest.database, roles: ['nobody_of_this_name'] };
      const to = { database: { server: { env: 'SERVER_URL' }, name }, buckets: [], replace: false };
      const manifest = { ...opened.manifest, database };
      return restoreSet({ manifest, digest: opened.digest }, to, home, systems);
    });
    await expect(restoring).rejects.toMatchObject({
      code: 'restore-environment',
      message: expect.stringContaining('role nobody_of_this_name'),
    });
    await using server = await connect(bed('DEPLOYCHECK_TEST_POSTGRES'));
    const { rows } = await server.query(
      'select 1 from pg_database where datname = $1',
      [name],
      never,
    );
    expect(rows).toEqual([]);
  });

  it.skipIf(!canMount())(
    'streams a dump for which there is no room, and checks it, too',
    async () => {
      if (!bed) return;
      await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder', { encrypted: true });
      const set = await shop.create();
      await using disk = await smallFilesystem('size=64k');
      vi.stubEnv('TMPDIR', disk.folder);
      try {
        expect(await shop.rehearse(set)).toMatchObject({ verdict: 'good', differences: [] });
        const dump = join(shop.bench.folder, 'repository/sets', set, 'database.dump.zst.age');
        const bytes = await readFile(dump);
        bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
        await writeFile(dump, bytes);
        const { verdict, damage } = await shop.rehearse(set);
        expect([verdict, damage.map(({ path }) => path)]).toEqual([
          'bad',
          [`sets/${set}/database.dump.zst.age`],
        ]);
      } finally {
        vi.unstubAllEnvs();
      }
    },
  );

  it('does not let pg_restore see a dump that was changed', async () => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    const set = await shop.create();
    const dump = join(shop.bench.folder, 'repository/sets', set, 'database.dump.zst');
    const bytes = await readFile(dump);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    await writeFile(dump, bytes);
    const seen = join(shop.bench.folder, 'seen');
    const { stdout: real } = await execa('which', ['pg_restore']);
    const bin = join(shop.bench.folder, 'bin');
    await mkdir(bin);
    const script = `#!/bin/sh\ncase "$*" in *--version*) ;; *) touch ${seen};; esac\nexec ${real} "$@"\n`;
    await writeFile(join(bin, 'pg_restore'), script);
    await chmod(join(bin, 'pg_restore'), 0o755);
    vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
    try {
      expect(await shop.rehearse(set)).toMatchObject({ verdict: 'bad', damage: [{}] });
      expect(await readdir(shop.bench.folder)).not.toContain('seen');
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('is equal under a load of writes, for all was read in one snapshot', async () => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    await using writer = await connect(shop.database.url);
    let writing = true;
    const written = (async () => {
      while (writing) {
        await writer.script(
          `insert into numbers (v) select 'more' from generate_series(1, 20); delete from twins where ctid = (select min(ctid) from twins); insert into twins values (9)`,
          never,
        );
      }
    })();
    const set = await shop.create().finally(() => {
      writing = false;
    });
    await written;
    expect(await shop.rehearse(set)).toMatchObject({ verdict: 'good', differences: [] });
  });

  it('leaves no scratch database, whichever way it ends', async () => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    const set = await shop.create();
    for (const step of ['environment', 'unpack', 'restore database', 'compare', 'restore bucket']) {
      const controller = new AbortController();
      const rehearsing = shop.open(set, async (opened, home, systems) => {
        if (!opened.manifest) throw new Error(opened.problem);
        const onEvent = (event: unknown) => {
          if (JSON.stringify(event).includes(`"step","name":"${step}"`))
            controller.abort(new Error('enough'));
        };
        const { signal } = controller;
        return rehearseSet(opened, shop.stage, home, { ...systems, signal, onEvent });
      });
      await expect(rehearsing).rejects.toThrow('enough');
    }
    expect(await databasesOf(shop)).toEqual([]);
    expect(await readdir(join(shop.bench.home, 'leftovers'))).toEqual([]);
  });
});
