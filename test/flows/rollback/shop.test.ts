import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFile } from '../../../src/core/package-root.ts';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { kubectl } from '../../systems/kubernetes.ts';
import { type ShopInCluster, shopInCluster } from '../../systems/shop.ts';
import { decisionIn } from './support.ts';

const bed = await systems('kubernetes', 'registry', 'postgres', 'minio', 'toxiproxy');

describe.skipIf(!bed)('the way back of the example', () => {
  let shop: ShopInCluster;
  let folder: string;
  let context: string;

  beforeAll(async () => {
    if (!bed) return;
    folder = await mkdtemp(join(tmpdir(), 'deploycheck-rollback-'));
    await cp(packageFile('examples/shop/releases'), folder, { recursive: true });
    shop = await shopInCluster(bed);
    context = (await kubectl(['config', 'current-context'])).trim();
    await shop.deploy('v1');
    await shop.deploy('v2');
  });
  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const rollback = (release: 'v2' | 'v3', ...args: string[]) =>
    deploycheck(['rollback', '--context', context, '--namespace', shop.namespace, ...args], {
      cwd: join(folder, release),
      env: { KUBECONFIG: bed?.('KUBECONFIG') ?? '', SHOP_DATABASE_URL: shop.databaseUrl },
    });

  it('is open: previous release, configuration, the down of its migration, and its time', async () => {
    const { exitCode, stdout } = await rollback('v2', '--dry-run');
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^GO {2}deployment\/shop can go back to revision 1 in about /),
    ]);
    expect(stdout).toContain('psql "$DATABASE_URL"');
    expect(stdout).toContain('-f migrations/0002_order_status.down.sql');
    expect(stdout).toMatch(/What is lost\n {2}- alter table orders drop column status/);
    expect(stdout).toMatch(/Point of no return\n {2}command 1:/);
    expect(stdout.indexOf('0002_order_status.down.sql')).toBeLessThan(
      stdout.indexOf('rollout undo deployment/shop --to-revision=1'),
    );
  });

  it('finds the same migrations by the folder of the old release', async () => {
    const byFolder = await rollback('v2', '--dry-run', '--from', '../v1/migrations');
    expect([byFolder.exitCode, byFolder.stdout]).toEqual([
      0,
      expect.stringContaining('0002_order_status'),
    ]);
    const none = await rollback('v2', '--dry-run', '--from', 'nowhere');
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining('--from nowhere')]);
  });

  it('waits for the decision about the schema, then goes and proves health', async () => {
    const dry = await rollback('v2', '--dry-run');
    const undecided = await rollback('v2', '--yes', decisionIn(dry.stdout));
    expect([undecided.exitCode, undecided.stderr]).toEqual([
      2,
      expect.stringContaining('--keep-schema'),
    ]);
    const kept = await rollback('v2', '--dry-run', '--keep-schema');
    expect([kept.exitCode, kept.stdout]).toEqual([
      3,
      expect.stringMatching(/^UNPROVEN {2}whether the old release of shop runs on the schema/),
    ]);
    const yes = decisionIn(kept.stdout);
    const { exitCode, stdout } = await rollback(
      ...(['v2', '--keep-schema', '--yes', yes, '--settle', '3s'] as const),
    );
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^DONE {2}deployment\/shop is back at revision 1 after /),
    ]);
    expect(stdout.match(/\/(healthz|readyz): ok/g)).toHaveLength(6);
    expect(stdout).toContain('3 of 3 pods ready, 3 endpoints, 0 restarts');
  });

  it('is closed once a migration without a down was applied', async () => {
    const client = new Client({ connectionString: shop.databaseUrl });
    await client.connect();
    await client.query('insert into schema_migrations (version) values (3)');
    await client.end();
    const { exitCode, stdout } = await rollback('v3', '--dry-run', 'deploy/shop');
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringMatching(/^NO-GO {2}migration 0003_drop_invoice_digest of shop has no down/),
    ]);
  });

  it('says that the database does not answer', async () => {
    const { exitCode, stderr } = await deploycheck(
      ['rollback', '--dry-run', '--context', context, '--namespace', shop.namespace],
      {
        cwd: join(folder, 'v2'),
        env: {
          KUBECONFIG: bed?.('KUBECONFIG') ?? '',
          SHOP_DATABASE_URL: 'postgres://postgres@127.0.0.1:1/shop',
        },
      },
    );
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('database-unreachable')]);
  });
});
