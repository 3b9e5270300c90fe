import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../../e2e/certificate.ts';
import { systems } from '../../systems/bed.ts';
import { type ShopInCluster, sandboxCredentials, shopInCluster } from '../../systems/shop.ts';
import { type Bench, bench, firstLine } from './support.ts';

const bed = await systems('kubernetes', 'registry', 'postgres', 'minio', 'toxiproxy');

const order = {
  customer: 'Ada',
  currency: 'EUR',
  lines: [{ sku: 'monstera', quantity: 1, unitPrice: 1999 }],
};
const readyz = {
  ...{ path: '/readyz', format: 'json' },
  dependencies: { ready: true, database: 'up', bucket: 'up' },
};
const scenarios = [
  {
    name: 'an order outlives its pods',
    steps: [
      { method: 'POST', path: '/orders', body: order, status: 201, keep: { id: 'id' } },
      { restart: true },
      { path: '/orders/{id}', status: 200, json: { id: '{id}', customer: 'Ada' } },
    ],
  },
  {
    name: 'an order that breaks a rule leaves nothing',
    steps: [
      { method: 'POST', path: '/orders', body: { ...order, lines: [] }, status: 400 },
      { method: 'PATCH', path: '/orders/999999999', body: { status: 'paid' }, status: 404 },
    ],
  },
];
const injection = [
  { path: '/orders/{value}' },
  { method: 'POST', path: '/orders', body: { ...order, customer: '{value}' } },
];
const idempotency = [{ path: '/orders', body: order }];

describe.skipIf(!bed)('the behaviour that the example declares', () => {
  const stack = new AsyncDisposableStack();
  let own: Bench;
  let shop: ShopInCluster;
  let credentials: string;
  let outside: readonly string[];

  beforeAll(async () => {
    if (!bed) return;
    shop = stack.use(await shopInCluster(bed));
    own = stack.use(await bench(bed));
    await mkdir(join(own.folder, 'manifests'));
    await shop.render('v2', join(own.folder, 'manifests'));
    const text = await sandboxCredentials(bed, stack);
    credentials = await own.write('sandbox.env', text);
    // The database and the bucket are outside of the cluster.
    const bucket = JSON.stringify(await shop.manifests('v2')).match(/"S3_ENDPOINT":"([^"]+)"/);
    const places = [text.match(/^DATABASE_URL=(.+)$/m), bucket].map((found) => {
      return new URL(found?.[1] ?? '').hostname;
    });
    outside = [...new Set(places)].flatMap((host) => ['--allow-egress', host]);
  });
  afterAll(() => stack.disposeAsync());

  const declare = (parts: object) =>
    own.write(
      'deploycheck.yaml',
      JSON.stringify({
        version: 1,
        services: [{ name: 'shop', image: 'unused', manifests: ['manifests'], ...parts }],
      }),
    );
  const simulated = (secret: string) =>
    own.run('simulate', '--soak', '2s', '--secret', `shop-credentials=${secret}`, ...outside);

  it('is asked through the forwarded port, and passes', { timeout: 300_000 }, async () => {
    await declare({ health: [readyz], behaviour: { idempotency, injection, scenarios } });
    const result = await simulated(`env-file:${credentials}`);
    expect(firstLine(result), result.stdout).toMatch(
      /^GO .*1 health answers as declared; 5 behaviours as declared/,
    );
    const { simulation } = await own.kept();
    expect(simulation.probes[0]).toMatchObject({
      json: { parses: true, mediaType: 'application/json' },
      dependencies: [
        { name: 'ready', found: 'true' },
        { name: 'database', found: 'up' },
        { name: 'bucket', found: 'up' },
      ],
    });
    expect(simulation.behaviour.slice(0, 1)).toMatchObject([
      {
        ...{ behaviour: 'idempotency', service: 'shop', path: '/orders' },
        seen: { first: 201, again: 200, sameBody: true, otherAlone: 201, otherReused: 422 },
      },
    ]);
  });

  it('fails where it is another one', { timeout: 300_000 }, async () => {
    const dependencies = { ...readyz.dependencies, queue: 'up' };
    await declare({
      health: [{ ...readyz, dependencies }],
      behaviour: {
        ...{ idempotency, authentication: [{ path: '/healthz' }] },
        rateLimit: [{ path: '/healthz', requests: 50, within: '30s' }],
      },
    });
    const result = await simulated(`env-file:${credentials}`);
    expect(firstLine(result), result.stderr).toMatch(
      /^NO-GO {2}shop: \/readyz says nothing of queue, which should be up \(and \d+ more\)/,
    );
    expect(result.exitCode).toBe(1);
    const { record } = await own.kept();
    expect(new Set(record.findings.map(({ check, messageId }) => `${check} ${messageId}`))).toEqual(
      new Set([
        'simulation/authentication let-in',
        'simulation/healthy dependency-missing',
        'simulation/rate-limit unlimited',
      ]),
    );
  });

  it('is asked with TLS where the pod speaks it', { timeout: 300_000 }, async () => {
    if (!bed) return;
    const { key, cert } = await selfSigned(3);
    const script = `require('node:https').createServer({ key: process.env.KEY, cert: process.env.CERT },
      (request, response) => response.end('well')).listen(8443)`;
    const [image] = JSON.stringify(await shop.manifests('v2')).match(/[^"]+\/shop:2[^"]*/) ?? [];
    const labels = { app: 'tls' };
    const container = {
      ...{ name: 'main', image, command: ['node', '-e', script] },
      env: [
        { name: 'KEY', value: key },
        { name: 'CERT', value: cert },
      ],
      ports: [{ name: 'web', containerPort: 8443 }],
      readinessProbe: { httpGet: { path: '/', port: 'web', scheme: 'HTTPS' }, periodSeconds: 1 },
    };
    const service = {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'tls' } },
      spec: { selector: labels, ports: [{ port: 443, targetPort: 'web' }] },
    };
    const deployment = {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'tls' } },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    };
    await own.manifests(service, deployment);
    await own.write(
      'deploycheck.yaml',
      JSON.stringify({
        version: 1,
        services: [
          {
            ...{ name: 'tls', image: 'unused', manifests: ['release.json'] },
            health: [{ path: '/healthz', body: 'well' }],
            behaviour: { headers: [{ path: '/', preset: 'security' }] },
          },
        ],
      }),
    );
    const result = await own.run('simulate', '--namespace', 'default', '--soak', '1s');
    const { record } = await own.kept();
    expect(new Set(record.findings.map(({ message }) => message)), result.stderr).toEqual(
      new Set([
        expect.stringMatching(/^tls: the certificate of \/healthz ends in [23] days; renew it$/),
        expect.stringMatching(/without strict-transport-security/),
        expect.stringMatching(/without x-content-type-options/),
        expect.stringMatching(/without content-security-policy/),
      ]),
    );
  });

  it('stays open where it would write with the target’s own credentials', {
    timeout: 300_000,
  }, async () => {
    await declare({ health: [readyz], behaviour: { idempotency } });
    const result = await simulated('copy');
    expect(firstLine(result), result.stderr).toMatch(
      /^PENDING {2}idempotency of shop \/orders: it writes, and Secret\/shop-credentials is the target's own/,
    );
    expect(result.exitCode).toBe(3);
  });
});
