import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systems } from '../systems/bed.ts';
import { type ShopInCluster, shopInCluster } from '../systems/shop.ts';

const bed = await systems('kubernetes', 'registry', 'postgres', 'minio', 'toxiproxy');
const order = {
  customer: 'Ada',
  currency: 'EUR',
  lines: [{ sku: 'tea', quantity: 2, unitPrice: 450 }],
};
const deadline = { timeout: 60_000, interval: 200 };

describe.skipIf(!bed)('the example in the cluster', () => {
  let shop: ShopInCluster;
  let address: string;

  beforeAll(async () => {
    if (bed) shop = await shopInCluster(bed);
  });
  afterAll(() => shop?.[Symbol.asyncDispose]());

  const request = async (path: string, method = 'GET', body?: object) => {
    const response = await fetch(`http://${address}${path}`, {
      method,
      // A new connection each time, as balanced as those of many clients.
      headers: { 'content-type': 'application/json', connection: 'close' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };
  const images = async () => {
    const text = await shop.kubectl(
      ...['get', 'pods', '--selector', 'app.kubernetes.io/name=shop'],
      ...['--output', 'jsonpath={.items[*].spec.containers[*].image}'],
    );
    return text.split(' ').map((image) => image.replace(/^.*\//, ''));
  };
  const revision = () =>
    shop.kubectl(
      ...['get', 'deployment', 'shop', '--output'],
      'jsonpath={.metadata.annotations.deployment\\.kubernetes\\.io/revision}',
    );
  /** A rollout is over before the last old pod is. */
  const untilOnly = (image: string) =>
    vi.waitFor(async () => expect(await images()).toEqual([image, image, image]), deadline);

  it('starts as v1, from the registry, with its database and its bucket', async () => {
    await shop.deploy('v1');
    await untilOnly('shop:1.0.0');
    address = await shop.kubectl(
      'get',
      'service',
      'shop',
      '--output',
      'jsonpath={.spec.clusterIP}',
    );
    // The addresses of a Service are made known to the network a moment after its pods are ready.
    await vi.waitFor(async () => {
      const answer = JSON.parse((await request('/readyz')).text);
      expect(answer).toMatchObject({ ready: true, database: 'up', bucket: 'up' });
    }, deadline);
    expect((await request('/orders', 'POST', order)).status).toBe(201);
    expect((await request('/orders/1/invoice')).text).toMatch(/^%PDF/);
    expect((await request('/orders/1', 'PATCH', { status: 'paid' })).status).toBe(405);
  });

  it('rolls out v2, which keeps the orders and knows their status', async () => {
    await shop.deploy('v2');
    await untilOnly('shop:2.0.0');
    expect(await revision()).toBe('2');
    const paid = await request('/orders/1', 'PATCH', { status: 'paid' });
    expect(JSON.parse(paid.text)).toMatchObject({ id: 1, status: 'paid', total: 900 });
  });

  it('rolls back to v1, which runs on the schema of v2', async () => {
    await shop.kubectl('rollout', 'undo', 'deployment/shop');
    await shop.kubectl('rollout', 'status', 'deployment/shop', '--timeout=120s');
    await untilOnly('shop:1.0.0');
    expect(await revision()).toBe('3');
    expect((await request('/orders/1/invoice')).text).toMatch(/^%PDF/);
    expect((await request('/orders', 'POST', order)).status).toBe(201);
    expect((await request('/orders/1', 'PATCH', { status: 'paid' })).status).toBe(405);
  });
});
