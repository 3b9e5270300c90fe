import { once } from 'node:events';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFile } from '../../../src/core/package-root.ts';
import type { RunRecord } from '../../../src/core/record.ts';
import { type CliResult, shopWorkspace } from '../../e2e/cli.ts';
import { isNamed, plantsOf } from '../../e2e/plants.ts';
import { systems, type Variables } from '../../systems/bed.ts';
import { type ShopInCluster, shopInCluster } from '../../systems/shop.ts';
import { nameSystems, runIn } from './support.ts';

const bed = await systems('kubernetes', 'registry', 'postgres', 'minio', 'toxiproxy');

describe.skipIf(!bed)('the checklist on release v3, beside the running v2', () => {
  const stack = new AsyncDisposableStack();
  let shop: ShopInCluster;
  let run: (...args: string[]) => Promise<CliResult>;
  let record: RunRecord;

  beforeAll(async () => {
    if (!bed) return;
    shop = stack.use(await shopInCluster(bed));
    const workspace = stack.use(await shopWorkspace());
    const cwd = workspace.release('v3');
    await nameSystems(cwd, shop);
    run = runIn(cwd, shop, bed);
    await shop.deploy('v1');
    await shop.deploy('v2');
    await orderThatLosesItsInvoice(bed, shop);
    const created = await run('backup', 'create');
    // A set whose rows name what is not there is made all the same, and told of.
    expect([created.exitCode, created.stderr]).toEqual([1, expect.stringContaining('kept as run')]);
    const { stdout, exitCode } = await run('checklist', '--format', 'json');
    expect(exitCode).toBe(1);
    record = JSON.parse(stdout);
  }, 300_000);
  afterAll(() => stack.disposeAsync());

  const reasonOf = (id: string) => record.items.find((item) => item.id === id)?.reason;
  const foundIn = (item: string) => {
    const evidence = record.findings.filter(({ check }) => check.startsWith(item));
    return evidence.map(({ messageId }) => messageId);
  };

  it('names every plant that stands in a file', async () => {
    const plants = await plantsOf(1, 3, 4, 5, 6, 8, 10, 11);
    const missed = plants.filter((plant) => !isNamed(plant, record));
    expect(missed.map(({ item, what }) => `${item} ${what}`)).toEqual([]);
  });

  it('names the row whose invoice was never uploaded', () => {
    expect(foundIn('backup/')).toContain('dangling');
    expect(reasonOf('backups')).toMatch(/invoices/);
  });

  it('fails what it has seen to be wrong, and leaves nothing behind', async () => {
    const failed = record.items.filter(({ status }) => status === 'fail').map(({ n }) => n);
    expect(failed).toEqual([1, 3, 4, 5, 6, 8, 9, 10, 11]);
    const { stdout } = await run('clean');
    expect(stdout).toMatch(/nothing/);
  });
});

/** Release v3 answers before it has uploaded, and is killed in between. */
async function orderThatLosesItsInvoice(bed: Variables, shop: ShopInCluster): Promise<void> {
  const s3 = new URL(bed('DEPLOYCHECK_TEST_S3'));
  const service = execa(
    process.execPath,
    [packageFile('examples/shop/releases/v3/src/main.ts'), 'serve'],
    {
      env: {
        DATABASE_URL: shop.databaseUrl,
        S3_ENDPOINT: s3.origin,
        S3_BUCKET: shop.bucket,
        S3_ACCESS_KEY: s3.username,
        S3_SECRET_KEY: s3.password,
        S3_REGION: 'us-east-1',
        PORT: '0',
      },
      reject: false,
    },
  );
  try {
    const [started] = await once(service.stdout, 'data');
    const { port } = JSON.parse(String(started)).address;
    const answer = await fetch(`http://127.0.0.1:${port}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        customer: 'Ada',
        currency: 'EUR',
        lines: [{ sku: 'tea', quantity: 1, unitPrice: 900 }],
      }),
    });
    expect(answer.status).toBe(201);
  } finally {
    service.kill('SIGKILL');
    await service;
  }
}
