import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../src/core/record.ts';
import { type CliResult, shopWorkspace } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { type ShopInCluster, sandboxCredentials, shopInCluster } from '../../systems/shop.ts';
import { nameSystems, runIn } from './support.ts';

const bed = await systems('kubernetes', 'registry', 'postgres', 'minio', 'toxiproxy');

describe.skipIf(!bed)('the checklist on the example, with its systems', () => {
  const stack = new AsyncDisposableStack();
  let shop: ShopInCluster;
  let run: (...args: string[]) => Promise<CliResult>;
  let credentials: string;

  beforeAll(async () => {
    if (!bed) return;
    shop = stack.use(await shopInCluster(bed));
    const workspace = stack.use(await shopWorkspace());
    const cwd = workspace.release('v2');
    await nameSystems(cwd, shop);
    await shop.render('v2', join(cwd, 'manifests'));
    credentials = join(workspace.folder, 'sandbox.env');
    await writeFile(credentials, await sandboxCredentials(bed, stack), { mode: 0o600 });
    run = runIn(cwd, shop, bed);
    await shop.deploy('v1');
    await shop.deploy('v2');
  });
  afterAll(() => stack.disposeAsync());

  const checklist = async () => {
    const secret = `shop-credentials=env-file:${credentials}`;
    const result = await run('checklist', '--format', 'json', '--secret', secret);
    const record: RunRecord = JSON.parse(result.stdout);
    const statuses = record.items.map(({ id, status, reason }) => [id, status, reason] as const);
    return { ...result, record, statuses };
  };
  const statusOf = (statuses: readonly (readonly [string, string, string])[]) =>
    Object.fromEntries(statuses.map(([id, status]) => [id, status]));

  it('has no backup to rely on at first, and says what to run', async () => {
    const { statuses } = await checklist();
    const backups = statuses.find(([id]) => id === 'backups');
    expect(backups?.[1]).toBe('pending');
    expect(backups?.[2]).toMatch(/^no set in file:.*; run `deploycheck backup create`/);
  }, 300_000);

  it('leaves open only what no machine has looked at, once a set was rehearsed', async () => {
    const created = await run('backup', 'create');
    expect([created.exitCode, created.stderr]).toEqual([0, expect.stringContaining('kept as run')]);
    const rehearsed = await run('backup', 'rehearse');
    expect([rehearsed.exitCode, rehearsed.stdout]).toEqual([0, expect.stringContaining('')]);

    const { exitCode, record, statuses } = await checklist();
    expect(statusOf(statuses), JSON.stringify(statuses, undefined, 2)).toEqual({
      images: 'pass',
      provenance: 'pending',
      manifests: 'pass',
      resilience: 'pass',
      'least-privilege': 'pass',
      configuration: 'pass',
      performance: 'pending',
      migrations: 'pass',
      backups: 'pass',
      simulation: 'pass',
      rollback: 'pass',
      operations: 'pending',
    });
    expect(exitCode).toBe(3);
    expect(record.measurements.map(({ name }) => name)).toContain('rollback.time');
    expect(JSON.stringify(record)).not.toContain(new URL(shop.databaseUrl).password);
  }, 300_000);
});
