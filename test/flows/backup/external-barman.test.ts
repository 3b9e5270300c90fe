import { appendFile, cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systems } from '../../systems/bed.ts';
import {
  createCluster,
  createYard,
  type OwnCluster,
  writeOwned,
  type Yard,
} from '../../systems/physical.ts';
import { unique } from './support.ts';

const bed = await systems('barman');

describe.skipIf(!bed)('backups that Barman keeps', { timeout: 180_000 }, () => {
  let yard: Yard;
  let shop: OwnCluster;
  let home: string;
  let tools: string;

  /** A configuration of Barman for a home, and of deploycheck for that. */
  const project = async (at: string, server = 'shop'): Promise<string> => {
    const folder = await yard.make(unique('project'));
    const file = join(folder, 'barman.conf');
    await writeOwned(
      yard,
      file,
      `[barman]
barman_home = ${at}
barman_user = ${await yard.run('id', '-un')}
log_file = ${folder}/barman.log
configuration_files_directory = ${folder}
[shop]
description = shop
conninfo = host=${shop.socket} port=${shop.port} user=postgres dbname=postgres
streaming_conninfo = host=${shop.socket} port=${shop.port} user=postgres
backup_method = postgres
archiver = on
path_prefix = ${tools}
`,
    );
    await writeOwned(
      yard,
      join(folder, 'deploycheck.yaml'),
      `version: 1
environments: { production: { database: main } }
databases:
  main:
    env: SHOP_DATABASE_URL
    backups: { barman: { server: ${server}, config: barman.conf }, scratch: ${yard.folder} }
`,
    );
    return folder;
  };
  const run = (at: string, ...args: string[]) =>
    yard.deploycheck(['backup', ...args], at, { SHOP_DATABASE_URL: shop.url });
  /** Closes the segment that is written to, and has Barman take it in. */
  const archived = async (config: string) => {
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
    await yard.run('barman', '-c', config, 'archive-wal', 'shop');
  };

  let cwd: string;
  beforeAll(async () => {
    if (!bed) return;
    tools = bed('DEPLOYCHECK_TEST_BARMAN');
    yard = await createYard();
    shop = await createCluster(yard, tools, 'shop');
    home = await yard.make('home');
    const incoming = join(home, 'shop/incoming');
    await yard.run('mkdir', '-p', incoming);
    await appendFile(
      join(shop.data, 'postgresql.conf'),
      `archive_command = 'cp %p ${incoming}/%f.new && mv ${incoming}/%f.new ${incoming}/%f'\n`,
    );
    await shop.start();
    cwd = await project(home);
    const config = join(cwd, 'barman.conf');
    await archived(config);
    await shop.sql('create table orders as select g as id from generate_series(1, 1000) g');
    await yard.run('barman', '-c', config, 'backup', 'shop');
    await shop.sql('insert into orders select generate_series(1001, 2000)');
    for (let more = 0; more < 3; more += 1) await archived(config);
  }, 180_000);
  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]();
    await yard?.[Symbol.asyncDispose]();
  });

  it('are listed, restored and compared', async () => {
    const listed = await run(cwd, 'list');
    expect([listed.exitCode, listed.stdout]).toEqual([
      0,
      expect.stringMatching(/full of .*Barman server shop .*good by the tool .*not rehearsed/),
    ]);
    const rehearsed = await run(cwd, 'rehearse');
    expect([rehearsed.exitCode, rehearsed.stdout]).toEqual([0, expect.stringMatching(/^GO/)]);
    const kept = join(cwd, '.deploycheck/external-backups/external/xmain');
    const [report = ''] = await readdir(kept);
    const { external } = JSON.parse(await readFile(join(kept, report), 'utf8'));
    expect(external).toMatchObject({
      tables: expect.arrayContaining([{ name: 'public.orders', rows: '2000' }]),
      checks: ['pg_amcheck', 'pg_checksums'],
      systemIdentifier: expect.stringMatching(/^\d+$/),
    });
    await expect(run(cwd, 'freshness')).resolves.toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^FRESH /),
    });
    const names = await readdir(yard.folder);
    expect(names.filter((name) => name.startsWith('deploycheck-rehearsal'))).toEqual([]);
  });

  it('are bad when a segment of the log is gone', async () => {
    const copy = join(yard.folder, unique('home'));
    await cp(home, copy, { recursive: true });
    await execa('chown', ['-R', `${yard.owner.uid}:${yard.owner.gid}`, copy]);
    const folder = join(copy, 'shop/wals/0000000100000000');
    const segments = (await readdir(folder)).filter((name) => /^[0-9A-F]{24}$/.test(name)).sort();
    const gone = segments.at(-2) ?? '';
    await rm(join(folder, gone));
    await yard.run('sed', '-i', `/^${gone}/d`, join(copy, 'shop/wals/xlog.db'));
    const spoilt = await project(copy);
    await expect(run(spoilt, 'freshness')).resolves.toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/1 segments of the log after \S+ are not archived/),
    });
    const rehearsed = await run(spoilt, 'rehearse');
    expect([rehearsed.exitCode, rehearsed.stdout]).toEqual([
      1,
      expect.stringMatching(/recovery:\s+to\s+the\s+archived\s+segment/),
    ]);
  });

  it('cannot be looked at when Barman does not know the server', async () => {
    const at = await project(home, 'elsewhere');
    const { exitCode, stderr } = await run(at, 'list');
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining("Unknown server 'elsewhere'")]);
  });
});
