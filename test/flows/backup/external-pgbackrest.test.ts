import { appendFile, chown, cp, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import {
  createCluster,
  createYard,
  type OwnCluster,
  writeOwned,
  type Yard,
} from '../../systems/physical.ts';
import { unique } from './support.ts';

const bed = await systems('pgbackrest');

describe.skipIf(!bed)('backups that pgBackRest keeps', { timeout: 180_000 }, () => {
  let yard: Yard;
  let shop: OwnCluster;
  let other: OwnCluster;
  let repository: string;
  let cwd: string;

  const configFor = async (repo: string, cluster: OwnCluster, more = ''): Promise<string> => {
    const file = join(yard.folder, `${unique('conf')}.conf`);
    await writeOwned(
      yard,
      file,
      `[global]
repo1-path=${repo}
repo1-retention-full=9
log-path=${yard.folder}
lock-path=${yard.folder}/lock
start-fast=y
log-level-console=off
${more}
[shop]
pg1-path=${cluster.data}
pg1-socket-path=${cluster.socket}
pg1-port=${cluster.port}
`,
    );
    return file;
  };
  const archiving = (config: string) =>
    `archive_command = 'pgbackrest --config=${config} --stanza=shop archive-push %p'\n`;
  const pgbackrest = (config: string, ...args: string[]) =>
    yard.run('pgbackrest', `--config=${config}`, '--stanza=shop', ...args);

  /** A folder with a configuration that names a repository of pgBackRest. */
  const project = async (config: string, more = '', stanza = 'shop'): Promise<string> => {
    const folder = await yard.make(unique('project'));
    await writeOwned(
      yard,
      join(folder, 'deploycheck.yaml'),
      `version: 1
environments: { production: { database: main } }
databases:
  main:
    env: SHOP_DATABASE_URL
    backups:
      pgbackrest: { stanza: ${stanza}, config: "${config}" }
      scratch: ${yard.folder}
${more}
`,
    );
    return folder;
  };
  const run = (args: string[], at = cwd, url = shop.url) =>
    yard.deploycheck(args, at, { SHOP_DATABASE_URL: url });
  const left = async () =>
    (await readdir(yard.folder)).filter((name) => name.startsWith('deploycheck-rehearsal-'));
  /** What is in the repository now, and may be spoilt. */
  const copied = async (): Promise<string> => {
    const copy = join(yard.folder, unique('repo'));
    await cp(repository, copy, { recursive: true });
    await execa('chown', ['-R', `${yard.owner.uid}:${yard.owner.gid}`, copy]);
    return copy;
  };
  const segments = async (repo: string) => {
    const folder = join(repo, 'archive/shop/15-1/0000000100000000');
    const names = (await readdir(folder)).filter((name) => /^[0-9A-F]{24}-/.test(name));
    return names.sort().map((name) => join(folder, name));
  };

  beforeAll(async () => {
    if (!bed) return;
    yard = await createYard();
    const tools = bed('DEPLOYCHECK_TEST_PGBACKREST');
    shop = await createCluster(yard, tools, 'shop');
    other = await createCluster(yard, tools, 'other');
    repository = await yard.make('repository');
    const config = await configFor(repository, shop);
    await appendFile(join(shop.data, 'postgresql.conf'), archiving(config));
    await shop.start();
    await other.start();
    await pgbackrest(config, 'stanza-create');
    await shop.sql('create table orders as select g as id from generate_series(1, 1000) g');
    await pgbackrest(config, '--type=full', 'backup');
    await shop.sql(
      'insert into orders select generate_series(1001, 2000)',
      'select pg_switch_wal()',
    );
    await pgbackrest(config, '--type=diff', 'backup');
    await shop.sql('insert into orders select generate_series(2001, 3000)');
    for (let more = 0; more < 3; more += 1) await archived();
    cwd = await project(config, '      tables: [public.orders]');
  }, 180_000);
  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]();
    await other?.[Symbol.asyncDispose]();
    await yard?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    expect(await left()).toEqual([]);
  });

  /** Closes the segment that is written to, and waits until it is in the repository. */
  const archived = async () => {
    const [row] = await shop.sql(
      'create table if not exists tick (n int)',
      'insert into tick values (1)',
      'select pg_walfile_name(pg_switch_wal()) as name',
    );
    await vi.waitFor(
      async () => {
        const [done] = await shop.sql('select last_archived_wal as name from pg_stat_archiver');
        expect(String(done?.name) >= String(row?.name)).toBe(true);
      },
      { timeout: 60_000, interval: 100 },
    );
  };

  it('are listed, judged, restored and compared', async () => {
    const listed = await run(['backup', 'list']);
    expect([listed.exitCode, listed.stdout]).toEqual([
      0,
      expect.stringMatching(
        /^\S+F_\S+D .*differential .*built on \S+F .*not encrypted .*not rehearsed\n\S+F .*full/,
      ),
    ]);
    const never = await run(['backup', 'freshness']);
    expect([never.exitCode, never.stdout]).toEqual([
      1,
      expect.stringMatching(/^STALE production\/main: newest backup \S+D of .*ever rehearsed$/),
    ]);
    const before = await execa('find', [repository, '-type', 'f', '-printf', '%p %s %T@\n']);
    const rehearsed = await run(['backup', 'rehearse', '--format', 'json']);
    expect([rehearsed.exitCode, rehearsed.stderr]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(rehearsed.stdout)).toMatchObject({
      verdict: 'go',
      notExamined: [],
      measurements: [{ name: 'backup.restore-time', limit: 300 }, {}],
      steps: [{ name: 'restore' }, { name: 'recover' }, { name: 'inspect' }],
    });
    const json = JSON.parse((await run(['backup', 'list', '--format', 'json'])).stdout);
    expect(json).toMatchObject([{ type: 'differential', rehearsal: 'good' }, { rehearsal: null }]);
    const kept = join(cwd, '.deploycheck/external-backups/external/xmain');
    const [report = ''] = await readdir(kept);
    const { external } = JSON.parse(await readFile(join(kept, report), 'utf8'));
    expect(external).toMatchObject({
      tables: [{ name: 'public.orders', rows: '3000' }],
      checks: ['pg_amcheck', 'pg_checksums'],
      unchecked: [],
      recoveredTo: { at: expect.stringMatching(/Z$/) },
    });
    await expect(run(['backup', 'freshness'])).resolves.toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^FRESH .* it was rehearsed .* ago: good$/),
    });
    // Neither the repository nor the live cluster has learnt of it.
    const after = await execa('find', [repository, '-type', 'f', '-printf', '%p %s %T@\n']);
    expect(after.stdout).toBe(before.stdout);
    expect(await left()).toEqual([]);
    expect(await readdir(join(cwd, '.deploycheck/leftovers'))).toEqual([]);
  });

  it('are item 9 of the checklist', async () => {
    const { stdout } = await run(['checklist', '--format', 'json']);
    const { items, findings } = JSON.parse(stdout);
    const item = items.find(({ id }: { id: string }) => id === 'backups');
    expect([
      item,
      findings.filter(({ check }: { check: string }) => /^backup/.test(check)),
    ]).toEqual([expect.objectContaining({ status: 'pass' }), []]);
  });

  it('are written for Prometheus', async () => {
    const file = join(cwd, 'backup.prom');
    expect((await run(['backup', 'freshness', '--metrics-file', file])).exitCode).toBe(0);
    const text = await readFile(file, 'utf8');
    expect(text).toContain('deploycheck_backup_sets{environment="production",database="main"} 2\n');
    expect(text).toMatch(/last_rehearsed_timestamp_seconds\{.*\} 1\d{9}/);
  });

  it('are too old when they are', async () => {
    await expect(run(['backup', 'freshness', '--max-age', '1s'])).resolves.toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^STALE .*the newest backup is .* old, and no more than 1 s/),
    });
  });

  it('are bad when a segment of the log is gone', async () => {
    const repo = await copied();
    const all = await segments(repo);
    // After the newest backup, before the newest segment.
    await rm(all.at(-2) ?? '');
    const spoilt = await project(await configFor(repo, shop));
    await expect(run(['backup', 'freshness'], spoilt)).resolves.toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(
        /1 segments of the log after \S+D are not archived: [0-9A-F]{24}/,
      ),
    });
    const rehearsed = await run(['backup', 'rehearse'], spoilt);
    expect([rehearsed.exitCode, rehearsed.stdout]).toEqual([
      1,
      expect.stringMatching(
        /recovery:\s+to\s+the\s+archived\s+segment\s+[0-9A-F]{24}\s+in\s+the\s+backup,\s+to/,
      ),
    ]);
    // One that the backup itself needs.
    const json = JSON.parse((await run(['backup', 'list', '--format', 'json'], spoilt)).stdout);
    await rm(all.find((path) => path.includes(json[0].wal.last)) ?? '');
    const early = await run(['backup', 'rehearse'], spoilt);
    expect([early.exitCode, early.stdout]).toEqual([
      1,
      expect.stringMatching(
        /the\s+restored\s+server\s+does\s+not\s+start:\s+FATAL:\s+WAL\s+ends\s+before/,
      ),
    ]);
  });

  it('are bad when the log stops short of what the server archived', async () => {
    const repo = await copied();
    const all = await segments(repo);
    await rm(all.at(-1) ?? '');
    const spoilt = await project(await configFor(repo, shop));
    await expect(run(['backup', 'freshness'], spoilt)).resolves.toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/the server says that it archived [0-9A-F]{24}; the newest/),
    });
  });

  it('are bad when a file of them is changed or gone', async () => {
    const repo = await copied();
    const base = join(repo, 'backup/shop');
    const [full = ''] = (await readdir(base)).filter((name) => /F$/.test(name));
    const { stdout } = await execa('find', [
      join(base, full, 'pg_data/base'),
      '-type',
      'f',
      '-size',
      '+8k',
    ]);
    const [first = '', second = ''] = stdout.split('\n').sort();
    const handle = await open(first, 'r+');
    const at = Math.floor((await stat(first)).size / 2);
    await handle.write(Buffer.from('damaged'), 0, 7, at);
    await handle.close();
    const spoilt = await project(await configFor(repo, shop));
    const changed = await run(['backup', 'rehearse'], spoilt);
    expect([changed.exitCode, changed.stdout]).toEqual([
      1,
      expect.stringMatching(/pgBackRest could not restore it: ERROR/),
    ]);
    await cp(first.replace(repo, repository), first);
    await chown(first, yard.owner.uid, yard.owner.gid);
    await rm(second);
    const gone = await run(['backup', 'rehearse'], spoilt);
    expect([gone.exitCode, gone.stdout]).toEqual([
      1,
      expect.stringMatching(/pgBackRest could not restore it: ERROR/),
    ]);
    await expect(run(['backup', 'freshness'], spoilt)).resolves.toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^STALE .*the last rehearsal.*is bad/),
    });
  });

  it('are not of the database that runs when they are of another', async () => {
    for (const command of ['freshness', 'rehearse']) {
      const { exitCode, stdout } = await run(['backup', command], cwd, other.url);
      expect([command, exitCode, stdout]).toEqual([
        command,
        1,
        expect.stringMatching(/of\s+another\s+cluster\s+or\s+another\s+name/),
      ]);
    }
    // The backup itself was found good.
    expect((await run(['backup', 'freshness'])).exitCode).toBe(0);
  });

  it('cannot be looked at without a stanza, a repository or a program', async () => {
    const config = await configFor(repository, shop);
    const nowhere = await configFor(join(yard.folder, 'not-there'), shop);
    const empty = await copied();
    await rm(join(empty, 'backup/shop/backup.info'));
    await rm(join(empty, 'backup/shop/backup.info.copy'));
    const cases = [
      await project(config, '', 'elsewhere'),
      await project(nowhere),
      await project(await configFor(empty, shop)),
      await project(join(yard.folder, 'no-such.conf')),
    ];
    for (const at of cases) {
      for (const command of ['list', 'freshness', 'rehearse']) {
        const { exitCode, stderr } = await run(['backup', command], at);
        expect([command, exitCode, stderr]).toEqual([
          command,
          5,
          expect.stringContaining('repository-unreadable'),
        ]);
      }
    }
    const without = await yard.deploycheck(['backup', 'list'], cwd, {
      SHOP_DATABASE_URL: shop.url,
      PATH: '/nonexistent',
    });
    expect([without.exitCode, without.stderr]).toEqual([
      5,
      expect.stringContaining('tool-missing'),
    ]);
  });

  it('are not known to go on when the server does not answer', async () => {
    const { exitCode, stdout } = await run(
      ['backup', 'freshness'],
      cwd,
      'postgres://postgres@127.0.0.1:1/postgres',
    );
    expect([exitCode, stdout]).toEqual([3, expect.stringMatching(/^UNKNOWN .*log has gaps: /)]);
  });

  it('are not there when none was made yet', async () => {
    const repo = await yard.make(unique('repo'));
    const config = await configFor(repo, other);
    await pgbackrest(config, '--no-online', 'stanza-create');
    const at = await project(config);
    await expect(run(['backup', 'list'], at)).resolves.toMatchObject({
      exitCode: 0,
      stdout: 'no backups at pgBackRest stanza shop',
    });
    await expect(run(['backup', 'freshness'], at, other.url)).resolves.toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/there is no backup of production/),
    });
    await expect(run(['backup', 'rehearse'], at, other.url)).resolves.toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('set-missing'),
    });
  });

  it('are followed over a timeline, encrypted as they are', async () => {
    const repo = await yard.make(unique('repo'));
    const cipher = 'repo1-cipher-type=aes-256-cbc\nrepo1-cipher-pass=never-in-a-report';
    const config = await configFor(repo, other, cipher);
    await appendFile(join(other.data, 'postgresql.conf'), archiving(config));
    await other.sql('select pg_reload_conf()');
    await pgbackrest(config, 'stanza-create');
    await pgbackrest(config, 'backup');
    await other.sql('create table late (n int)', 'select pg_switch_wal()');
    await other.stop();
    const get = `pgbackrest --config=${config} --stanza=shop archive-get %f "%p"`;
    await appendFile(join(other.data, 'postgresql.conf'), `restore_command = '${get}'\n`);
    await writeOwned(yard, join(other.data, 'recovery.signal'), '');
    await other.start();
    await vi.waitFor(
      async () => {
        const [row] = await other.sql(
          'create table if not exists tick (n int)',
          'insert into tick values (1)',
          'select pg_switch_wal()',
          'select last_archived_wal as name from pg_stat_archiver',
        );
        expect(String(row?.name)).toMatch(/^00000002.{16}/);
      },
      { timeout: 60_000, interval: 200 },
    );
    const at = await project(config, '      tables: [public.late]');
    const rehearsed = await run(['backup', 'rehearse'], at, other.url);
    expect([rehearsed.exitCode, rehearsed.stdout]).toEqual([0, expect.stringMatching(/^GO/)]);
    expect((await run(['backup', 'freshness'], at, other.url)).exitCode).toBe(0);
    const [listed] = JSON.parse((await run(['backup', 'list', '--format', 'json'], at)).stdout);
    expect(listed).toMatchObject({ encrypted: true, rehearsal: 'good' });
    const said = await execa('grep', ['-rl', 'never-in-a-report', at], { reject: false });
    expect(said.stdout).toBe('');
  });

  it('leave nothing behind when the rehearsal is interrupted or killed', async () => {
    const at = async (path: string): Promise<string> => {
      const [name = ''] = await left();
      await stat(join(yard.folder, name, path));
      return join(yard.folder, name);
    };
    const moments = [
      ['SIGINT', 'data/postmaster.pid'],
      ['SIGKILL', 'data/postmaster.pid'],
      // While pgBackRest restores.
      ['SIGKILL', 'data'],
    ] as const;
    for (const [signal, path] of moments) {
      const child = yard.start(['backup', 'rehearse'], cwd, { SHOP_DATABASE_URL: shop.url });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const folder = await vi.waitFor(() => at(path), { timeout: 60_000, interval: 5 });
      child.kill(signal);
      await ended;
      if (signal === 'SIGKILL') {
        expect(await left()).toHaveLength(1);
        const cleaned = await run(['clean']);
        expect([cleaned.exitCode, cleaned.stdout]).toEqual([
          0,
          expect.stringContaining(`removed: scratch cluster ${folder}`),
        ]);
      }
      expect(await left()).toEqual([]);
      const { stdout } = await execa('ps', ['-eo', 'args']);
      expect(stdout).not.toContain(folder);
    }
  });

  it('name a backup, refuse what makes no sense, and need room and a user', async () => {
    const missing = await run(['backup', 'rehearse', '20200101-000000F']);
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining('set-missing')]);
    const json = JSON.parse((await run(['backup', 'list', '--format', 'json'])).stdout);
    const named = await run(['backup', 'rehearse', json[1].label]);
    expect([named.exitCode, named.stderr]).toEqual([0, expect.stringContaining(json[1].label)]);
    for (const args of [['rehearse', '--server', 'env:X'], ['create']]) {
      const { exitCode, stderr } = await run(['backup', ...args]);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('usage-invalid')]);
    }
    const config = await configFor(repository, shop);
    const wrong = await project(config, '      programs: /nonexistent');
    const without = await run(['backup', 'rehearse'], wrong);
    expect([without.exitCode, without.stdout]).toEqual([
      3,
      expect.stringMatching(/server programs of PostgreSQL 15/),
    ]);
    if (process.getuid?.() !== 0) return;
    const home = join(yard.folder, unique('home'));
    await mkdir(home);
    const root = await deploycheck(['backup', 'rehearse'], {
      cwd,
      env: { SHOP_DATABASE_URL: shop.url, DEPLOYCHECK_HOME: home },
    });
    expect([root.exitCode, root.stdout]).toEqual([
      3,
      expect.stringMatching(/does not start as root/),
    ]);
  });

  it('stand beside the sets of the buckets, which nobody else copies', async () => {
    const at = await project(await configFor(repository, shop));
    const file = join(at, 'deploycheck.yaml');
    const text = (await readFile(file, 'utf8'))
      .replace('database: main }', 'database: main, buckets: [invoices] }')
      .concat('buckets: { invoices: { endpoint: "http://127.0.0.1:1", bucket: invoices } }\n');
    await writeOwned(yard, file, text);
    const without = await run(['checklist', '--format', 'json'], at);
    const items: { id: string; reason: string }[] = JSON.parse(without.stdout).items;
    expect(items.find(({ id }) => id === 'backups')).toMatchObject({
      status: 'pending',
      reason: expect.stringContaining('no repository configured'),
    });
    await writeOwned(yard, file, text.concat('repository: { url: "file:sets" }\n'));
    const rehearsed = await run(['backup', 'rehearse'], at);
    expect([rehearsed.exitCode, rehearsed.stderr]).toEqual([0, expect.any(String)]);
    const { exitCode, stdout } = await run(['backup', 'freshness'], at);
    expect([exitCode, stdout.split('\n')]).toEqual([
      1,
      [
        expect.stringMatching(/^FRESH production\/main: .* it was rehearsed .* ago: good$/),
        expect.stringMatching(/^STALE production: no set, none rehearsed; there is no backup of/),
      ],
    ]);
    // Where it was tried is known to whoever shares the repository.
    expect(await readdir(join(at, 'sets/external/xmain'))).toHaveLength(1);
  });

  it('are configured as one tool', async () => {
    const config = await configFor(repository, shop);
    for (const more of ['      barman: { server: shop }', '      pgBackRest: {}']) {
      const at = await project(config, more);
      const { exitCode, stderr } = await run(['backup', 'list'], at);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('databases.main.backups')]);
    }
  });
});
