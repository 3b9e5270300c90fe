import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systems } from '../../systems/bed.ts';
import { type ShopInCluster, sandboxCredentials, shopInCluster } from '../../systems/shop.ts';
import { type Bench, bench, firstLine, namespaceExists } from './support.ts';

const bed = await systems('kubernetes', 'registry', 'postgres', 'minio', 'toxiproxy');

describe.skipIf(!bed)('the example, simulated', () => {
  const stack = new AsyncDisposableStack();
  let shop: ShopInCluster;
  let own: Bench;
  let flags: readonly string[];

  beforeAll(async () => {
    if (!bed) return;
    shop = stack.use(await shopInCluster(bed));
    own = stack.use(await bench(bed));
    await shop.deploy('v1');
    await mkdir(join(own.folder, 'manifests'));
    for (const object of await shop.manifests('v2')) {
      const { kind, metadata } = object;
      await own.write(`manifests/${kind}-${metadata.name}.json`, JSON.stringify(object));
    }
    const health = '[{ path: /healthz }, { path: /readyz, body: \'"ready":true\' }]';
    await own.write(
      'deploycheck.yaml',
      `version: 1\nservices:\n  - { name: shop, image: unused, manifests: [manifests], health: ${health} }\n`,
    );
    const credentials = await own.write('sandbox.env', await sandboxCredentials(bed, stack));
    flags = ['--soak', '12s', '--secret', `shop-credentials=env-file:${credentials}`];
  });
  afterAll(() => stack.disposeAsync());

  it('becomes ready, answers, and leaves no trace', { timeout: 300_000 }, async () => {
    const before = await shop.kubectl('get', 'all,configmaps,secrets', '-o', 'name');
    const result = await own.run('simulate', ...flags);
    expect(firstLine(result), result.stderr).toMatch(
      /^GO {2}.*Deployment\/shop 3 of 3 pods available/,
    );
    expect(firstLine(result)).toMatch(/2 health answers as declared; nothing outside touched/);
    expect(result.exitCode).toBe(0);

    const { record, simulation } = await own.kept();
    expect(record.verdict).toBe('go');
    expect(record.outcomes.map(({ outcome }) => outcome)).not.toContain('inconclusive');
    expect(simulation.sandbox?.podSecurity).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
    expect(simulation.workloads.map(({ object, state }) => [object.name, state])).toEqual(
      expect.arrayContaining([
        ['shop', 'ready'],
        ['shop-migrate-2-0-0', 'ready'],
      ]),
    );
    expect(simulation.isolation.permissions).toEqual([]);
    expect(simulation.isolation.compared).toBeGreaterThan(100);
    expect(simulation.isolation.changes.filter(({ ours }) => ours)).toEqual([]);
    const outside = simulation.isolation.writes.filter(
      ({ namespace, name }) => ![namespace, name].includes(simulation.sandbox?.name ?? ''),
    );
    expect(outside).toEqual([]);
    expect(simulation.usage.containers.map(({ container }) => container)).toContain('shop');
    expect(simulation.removal?.state).toBe('removed');
    expect(await namespaceExists(simulation.sandbox?.name ?? '')).toBe(false);
    expect(await shop.kubectl('get', 'all,configmaps,secrets', '-o', 'name')).toBe(before);

    const image = simulation.diff
      .flatMap(({ fields }) => fields)
      .find(({ path }) => path.endsWith('.image'));
    expect([image?.before, image?.after]).toEqual([
      expect.stringContaining(':1.0.0'),
      expect.stringContaining(':2.0.0'),
    ]);
  });

  it('keeps the credentials out of everything it writes', { timeout: 60_000 }, async () => {
    const { record, simulation } = await own.kept();
    const text = JSON.stringify([record, simulation]);
    const password = new URL(shop.databaseUrl).password;
    expect(text).not.toContain(password);
  });

  it('shows what would change, and writes nothing', { timeout: 120_000 }, async () => {
    // The status of a Deployment moves by itself, its generation does not.
    const versions = async () => [
      await shop.kubectl('get', 'deployments', '-o', 'jsonpath={.items[*].metadata.generation}'),
      await shop.kubectl(
        'get',
        'configmaps,services',
        '-o',
        'jsonpath={.items[*].metadata.resourceVersion}',
      ),
    ];
    const before = await versions();
    const result = await own.run('simulate', '--diff-only', '--namespace', shop.namespace);
    expect(firstLine(result), result.stderr).toMatch(/^GO {2}in shop-.*nothing was written$/);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toMatch(/~ Deployment\/shop changed/);
    expect(result.stdout).toMatch(/\+ Job\/shop-migrate-2-0-0 created/);
    expect(result.stdout).toMatch(/- .*image.*shop:1\.0\.0/);
    expect(result.stdout).toMatch(/\+ .*image.*shop:2\.0\.0/);
    expect(await versions()).toEqual(before);
    const { simulation } = await own.kept();
    expect(simulation.sandbox).toBeNull();
    expect(simulation.isolation.writes.filter(({ dryRun }) => !dryRun)).toEqual([]);
  });
});
