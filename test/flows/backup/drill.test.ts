import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { proxy } from '../../systems/toxiproxy.ts';
import { databasesOf, type Fixture, fixture } from './fixture.ts';
import { awsOf, connect, never } from './support.ts';

const bed = await systems('postgres', 'minio', 'versitygw', 'toxiproxy');

describe.skipIf(!bed)('a drill, when all that the set was made of is gone', () => {
  let shop: Fixture;
  let set: string;
  let spare: Record<string, string>;
  beforeAll(async () => {
    if (!bed) return;
    shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    const { folder } = shop.bench;
    await using source = await proxy(
      bed('DEPLOYCHECK_TEST_TOXIPROXY'),
      new URL(shop.databaseUrl).host,
      bed('DEPLOYCHECK_TEST_FREE_PORTS'),
    );
    const aws = awsOf(bed('DEPLOYCHECK_TEST_S3'));
    await writeFile(
      join(folder, 'deploycheck.yaml'),
      `version: 1
environments: { production: { database: main, buckets: [invoices] } }
databases: { main: { env: SHOP_DATABASE_URL } }
buckets:
  invoices:
    endpoint: "${aws.AWS_ENDPOINT_URL}"
    bucket: ${shop.bucket.name}
    credentials: { accessKey: env:SHOP_S3_KEY, secretKey: env:SHOP_S3_SECRET }
repository: { url: "file:repository" }
sla: { restore: 5m, rpo: 1h }
`,
    );
    const through = new URL(shop.databaseUrl);
    through.port = String(source.port);
    const created = await deploycheck(['backup', 'create', '--format', 'json'], {
      cwd: folder,
      env: {
        SHOP_DATABASE_URL: through.href,
        SHOP_S3_KEY: aws.AWS_ACCESS_KEY_ID ?? '',
        SHOP_S3_SECRET: aws.AWS_SECRET_ACCESS_KEY ?? '',
      },
    });
    expect([created.exitCode, created.stderr]).toEqual([0, expect.any(String)]);
    set = (await readdir(join(folder, 'repository/sets')))[0] ?? '';
    // The disaster: no address, no database, no object, and no configuration that names them.
    await using admin = await connect(shop.serverUrl);
    await admin.query(`drop database ${shop.database.name} with (force)`, [], never);
    const keys = [];
    for await (const { key } of (await shop.store.list(shop.bucket.name, '', never)) ?? []) {
      keys.push({ key });
    }
    await shop.store.removeMany(shop.bucket.name, keys, {}, never);
    await rm(join(folder, 'deploycheck.yaml'));
    const second = new URL(bed('DEPLOYCHECK_TEST_S3_SECOND'));
    spare = {
      SPARE_DATABASE_URL: shop.serverUrl,
      SPARE_S3: second.origin,
      SPARE_KEY: second.username,
      SPARE_SECRET: second.password,
    };
  });
  afterAll(() => shop?.[Symbol.asyncDispose]());

  const store = [
    ...['--store', 'env:SPARE_S3'],
    ...['--store-access-key', 'env:SPARE_KEY', '--store-secret-key', 'env:SPARE_SECRET'],
  ];
  const server = ['--server', 'env:SPARE_DATABASE_URL'];
  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    deploycheck(['backup', 'drill', '--repository', 'file:repository', ...args], {
      cwd: shop.bench.folder,
      env: { ...spare, ...env },
    });
  const nothingIsLeft = async () => {
    expect(await databasesOf(shop)).toEqual([]);
    expect(await readdir(join(shop.bench.folder, '.deploycheck/leftovers'))).toEqual([]);
  };

  it('restores all of it from the repository alone, and says how long that took', async () => {
    const { exitCode, stdout, stderr } = await run([...server, ...store, '--format', 'json']);
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringMatching(
        new RegExp(`everything in ${set} was restored and compared after .*promised 5 min`),
      ),
    ]);
    const record = JSON.parse(stdout);
    expect(record).toMatchObject({
      verdict: 'go',
      measurements: [
        { name: 'backup.drill-rto', unit: 's', limit: 300 },
        { name: 'backup.drill-rpo', unit: 's', limit: 86_400 },
      ],
    });
    const [rto, rpo] = record.measurements.map(({ value }: { value: number }) => value);
    const inSteps = record.steps.reduce((sum: number, { durationMs = 0 }) => sum + durationMs, 0);
    expect(rto * 1000).toBeGreaterThanOrEqual(inSteps - record.steps.length);
    expect(rpo).toBeGreaterThan(0);
    expect(record.outcomes.map(({ check }: { check: string }) => check)).toEqual([
      'backup/equal',
      'backup/fresh',
      'backup/intact',
      'backup/restore-time',
    ]);
    await nothingIsLeft();
    // The set counts as rehearsed from now on.
    const fresh = await deploycheck(['backup', 'freshness', '--repository', 'file:repository'], {
      cwd: shop.bench.folder,
    });
    expect([fresh.exitCode, fresh.stdout]).toEqual([
      0,
      expect.stringMatching(/rehearsed the same/),
    ]);
  });

  it('is failed by a promise that it does not keep', async () => {
    const { exitCode, stdout } = await run([set, ...server, ...store], {
      DEPLOYCHECK_SLA_RESTORE: '1ms',
      DEPLOYCHECK_SLA_RPO: '1ms',
    });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/the newest backup is .* old[\s\S]*restoring took/);
  });

  it('is failed by a slow restore alone', async () => {
    const slow = { DEPLOYCHECK_SLA_RESTORE: '1ms' };
    expect((await run([...server, ...store], slow)).exitCode).toBe(1);
    expect((await run([...server, ...store, '--fail-on', 'error'], slow)).exitCode).toBe(0);
  });

  it('has to be told where, and says what is missing there', async () => {
    for (const [args, message] of [
      [store, '--server'],
      [server, '--store'],
      [
        [
          ...server,
          '--store',
          'env:SPARE_S3',
          '--store-access-key',
          'AKIA',
          '--store-secret-key',
          'x',
        ],
        'env:NAME',
      ],
      [['no-such-set', ...server, ...store], 'no set'],
    ] as const) {
      const { exitCode, stderr } = await run(args);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
    const down = { SPARE_DATABASE_URL: 'postgres://a@127.0.0.1:1/b' };
    const { exitCode, stderr } = await run([...server, ...store], down);
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('database-unreachable')]);
    await nothingIsLeft();
  });
});
