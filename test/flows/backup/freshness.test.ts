import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { folderRepository } from '../../../src/backup/repository/folder.ts';
import { keepReport, type Rehearsal, readReports } from '../../../src/backup/set/reports.ts';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { databasesOf, type Fixture, fixture } from './fixture.ts';
import { dayMs, type History, history, namesIn } from './history.ts';
import { awsOf, never, unique } from './support.ts';

const bed = await systems('postgres', 'minio', 'prometheus');

/** What promtool, of Prometheus, says about a file; empty when all is well. */
async function promtool(text: string): Promise<string> {
  const { stdout, stderr } = await execa('promtool', ['check', 'metrics'], {
    input: text,
    reject: false,
  });
  return `${stdout}${stderr}`;
}

const metricIn = (text: string, name: string): number =>
  Number(new RegExp(`^deploycheck_backup_${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);

describe.skipIf(!bed)('freshness', () => {
  let days: History;
  let root: string;
  let cwd: string;
  beforeAll(async () => {
    if (!bed) return;
    // The newest set is twelve hours old; that of two days before is rehearsed.
    const first = new Date(Date.now() - 4.5 * dayMs).toISOString();
    days = await history(bed('DEPLOYCHECK_TEST_S3'), first);
  });
  afterAll(() => days?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    cwd = join(days.bench.folder, unique('work'));
    await mkdir(cwd);
    root = await days.copy(unique('copy'));
  });
  const run = async (...args: string[]) => {
    const place = ['--repository', `file:${root}`];
    const { exitCode, stdout, stderr } = await deploycheck(
      ['backup', 'freshness', ...place, ...args],
      { cwd, ...(bed && { env: awsOf(bed('DEPLOYCHECK_TEST_S3')) }) },
    );
    expect(stdout.split('\n').length, stdout).toBe(1);
    return { exitCode, stdout, stderr };
  };
  const rehearsals = () => readReports(folderRepository(root), 'rehearsals', never);

  it('is a line that says how old the newest set is, and the newest that is proven', async () => {
    await expect(run('--max-age', '13h')).resolves.toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(
        /^FRESH test: newest set \S+ is 12 h.* old \(limit 13 h\), newest rehearsed is 2 d 12 h old, rehearsed .* ago \(limit 7 d\)$/,
      ),
    });
  });

  it('is lost when the newest set is too old, or there is none', async () => {
    await expect(run('--max-age', '11h')).resolves.toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^STALE .*; the newest backup is 12 h/),
    });
    root = join(days.bench.folder, 'nothing-here');
    await expect(run()).resolves.toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^STALE no set, none rehearsed; there is no backup/),
    });
  });

  it('is lost when no rehearsal counts', async () => {
    await expect(run('--max-rehearsal-age', '1s')).resolves.toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^STALE .*; the last rehearsal is .* of an earlier set/),
    });
    const [good] = await rehearsals();
    if (!good) throw new Error('none');
    const bad: Rehearsal = {
      ...good,
      at: new Date().toISOString(),
      verdict: 'bad',
      damage: [{ path: 'x', problem: 'odd' }],
    };
    await keepReport(folderRepository(root), 'rehearsals', bad, never);
    await expect(run()).resolves.toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^STALE .*none rehearsed; the last rehearsal.*is bad: x: odd$/),
    });
    for (const name of await namesIn(folderRepository(root))) {
      if (name.startsWith('rehearsals/')) await folderRepository(root).remove(name, never);
    }
    await expect(run()).resolves.toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/none rehearsed; no backup .* was ever rehearsed$/),
    });
  });

  it('is unknown when the newest manifest cannot be read, or a rehearsal was not whole', async () => {
    const [good] = await rehearsals();
    if (!good) throw new Error('none');
    const lacking: Rehearsal = {
      ...good,
      at: new Date().toISOString(),
      verdict: 'could-not-check',
      lacking: [{ what: 'role x', why: 'the server has none' }],
    };
    await keepReport(folderRepository(root), 'rehearsals', lacking, never);
    await expect(run()).resolves.toMatchObject({
      exitCode: 3,
      stdout: expect.stringMatching(/^UNKNOWN .*role x: the server has none/),
    });
    const newest = join(root, 'sets', days.sets.at(-1) ?? '', 'manifest.json');
    await writeFile(newest, '{');
    await expect(run('--max-age', '60h')).resolves.toMatchObject({
      exitCode: 3,
      stdout: expect.stringMatching(/^UNKNOWN .*its manifest cannot be read/),
    });
  });

  it('cannot be told of a repository that is not reached', async () => {
    root = '/proc/1/mem';
    const { exitCode, stderr } = await deploycheck(
      ['backup', 'freshness', '--repository', `file:${root}`],
      { cwd },
    );
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('repository-unreadable')]);
  });

  it('is written for Prometheus', async () => {
    const file = join(cwd, 'backup.prom');
    expect((await run('--metrics-file', file)).exitCode).toBe(0);
    const text = await readFile(file, 'utf8');
    expect(await promtool(text)).toBe('');
    expect(text).toContain('deploycheck_backup_sets{environment="test"} 5\n');
    expect(metricIn(text, 'age_seconds')).toBeGreaterThan(12 * 3600 - 60);
    expect(metricIn(text, 'rehearsed_age_seconds')).toBeCloseTo(
      metricIn(text, 'age_seconds') + 2 * 86_400,
      0,
    );
    expect((await readdir(cwd)).sort()).toEqual(['.deploycheck', 'backup.prom']);
    root = join(days.bench.folder, 'nothing-here');
    expect((await run('--metrics-file', file)).exitCode).toBe(1);
    const empty = await readFile(file, 'utf8');
    expect(await promtool(empty)).toBe('');
    expect(metricIn(empty, 'last_success_timestamp_seconds')).toBe(0);
  });
});

describe.skipIf(!bed)('the metrics of the other commands', () => {
  let shop: Fixture;
  afterAll(() => shop?.[Symbol.asyncDispose]());

  it('are the same file, whichever wrote it last', async () => {
    if (!bed) return;
    shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    const { folder } = shop.bench;
    const aws = awsOf(bed('DEPLOYCHECK_TEST_S3'));
    const file = join(folder, 'shop.prom');
    await writeFile(
      join(folder, 'deploycheck.yaml'),
      `version: 1
environments: { production: { database: main, buckets: [invoices] } }
databases: { main: { env: SHOP_DATABASE_URL } }
buckets: { invoices: { endpoint: "${aws.AWS_ENDPOINT_URL}", bucket: ${shop.bucket.name} } }
repository: { url: "file:repository" }
`,
    );
    const run = async (...args: string[]) => {
      const { exitCode, stderr } = await deploycheck(['backup', ...args, '--metrics-file', file], {
        cwd: folder,
        env: { ...aws, SHOP_DATABASE_URL: shop.databaseUrl },
      });
      expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
      const text = await readFile(file, 'utf8');
      expect(await promtool(text)).toBe('');
      return text;
    };
    const created = await run('create');
    expect(created).toContain('sets{environment="production",database="main"} 1\n');
    expect(metricIn(created, 'object_bytes')).toBeGreaterThan(9 * 1024 * 1024);
    expect(metricIn(created, 'stored_bytes')).toBeGreaterThan(1000);
    expect(metricIn(created, 'last_verified_timestamp_seconds')).toBe(0);
    const verified = await run('verify');
    expect(metricIn(verified, 'last_verified_timestamp_seconds')).toBeGreaterThan(1.7e9);
    expect(metricIn(verified, 'verify_duration_seconds')).toBeGreaterThan(0);
    const rehearsed = await run('rehearse');
    expect(metricIn(rehearsed, 'restore_duration_seconds')).toBeGreaterThan(0);
    expect(metricIn(rehearsed, 'last_verified_timestamp_seconds')).toBe(
      metricIn(verified, 'last_verified_timestamp_seconds'),
    );
    const fresh = await run('freshness');
    expect(metricIn(fresh, 'last_rehearsed_timestamp_seconds')).toBe(
      metricIn(rehearsed, 'last_rehearsed_timestamp_seconds'),
    );
    // A backup that fails leaves the file as it was: its time stands still, and raises the alarm.
    const failed = await deploycheck(['backup', 'create', '--metrics-file', file], {
      cwd: folder,
      env: { ...aws, SHOP_DATABASE_URL: 'postgres://a@127.0.0.1:1/b' },
    });
    expect([failed.exitCode, await readFile(file, 'utf8')]).toEqual([5, fresh]);
    // Told before the work, which would be done for nothing.
    const nowhere = await deploycheck(
      ['backup', 'create', '--metrics-file', join(folder, 'no', 'such.prom')],
      { cwd: folder, env: { ...aws, SHOP_DATABASE_URL: shop.databaseUrl } },
    );
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([
      5,
      expect.stringContaining('output-unwritable'),
    ]);
    expect(await databasesOf(shop)).toEqual([]);
  });
});
