import type { RequestListener } from 'node:http';
import { expect, it } from 'vitest';
import type { ScenarioStep } from './declared.ts';
import { askScenario } from './scenario.ts';
import { bodyOf, served, steadyReach } from './testing.ts';

/** Keeps orders in memory; `forget` is what a restart does to it. */
function shop() {
  const orders = new Map<string, unknown>();
  const listener: RequestListener = async (request, response) => {
    const [, , id] = (request.url ?? '').split('/');
    if (request.method === 'POST') {
      const order = JSON.parse(await bodyOf(request));
      const known = [...orders.values()].some(
        (other) => JSON.stringify(other) === JSON.stringify(order),
      );
      if (known) return void response.writeHead(409).end('{"error":"twice"}');
      const key = `order ${orders.size + 1}`;
      orders.set(key, order);
      return void response.writeHead(201).end(JSON.stringify({ id: key, order }));
    }
    const order = orders.get(decodeURIComponent(id ?? ''));
    if (!order) return void response.writeHead(404).end('no such order');
    const total = Number(request.headers['x-total'] ?? 0);
    response.end(JSON.stringify({ order, total, tags: ['a'] }));
  };
  return { listener, forget: () => orders.clear() };
}

const post: ScenarioStep = {
  ...{ method: 'POST', path: '/orders', body: { customer: 'Ada' }, status: 201 },
  keep: { id: 'id', who: 'order.customer' },
};

async function followed(steps: readonly ScenarioStep[], restart?: () => string | null) {
  const { listener, forget } = shop();
  await using server = await served(listener);
  const reach = steadyReach(server, async () => {
    if (restart) return restart();
    forget();
    return null;
  });
  const { steps: seen } = await askScenario({ name: 'orders', steps }, reach);
  return { problems: seen.map(({ problem }) => problem), asked: server.asked };
}

it('carries on what an answer said', async () => {
  const read = {
    path: '/orders/{id}',
    headers: { 'X-Total': '{who}' },
    json: { 'order.customer': '{who}', 'order.note': null, tags: ['a'] },
    match: 'Ada',
  };
  const { problems, asked } = await followed([post, read]);
  expect(problems).toEqual([null, null]);
  expect(asked).toEqual(['POST /orders', 'GET /orders/order%201']);
});

it('sees what a restart took away, and stops there', async () => {
  const { problems, asked } = await followed([
    post,
    { restart: true },
    { path: '/orders/{id}' },
    { path: '/orders/{id}' },
  ]);
  expect(problems).toEqual([null, null, 'answers 404 instead of 2xx: no such order']);
  expect(asked).toHaveLength(2);
});

it('says that pods did not come back', async () => {
  const { problems } = await followed([{ restart: true }, post], () => 'Deployment/shop failed');
  expect(problems).toEqual(['Deployment/shop failed']);
});

it.each<[ScenarioStep, string]>([
  [{ ...post, status: 201, keep: {} }, 'answers 409 instead of 201: {"error":"twice"}'],
  [
    { path: '/orders/{id}', match: 'Grace' },
    'the body does not match Grace: {"order":{"customer":"Ada"},"total":0,"tags":["a"]}',
  ],
  [
    { path: '/orders/{id}', json: { 'order.customer': 'Grace' } },
    'order.customer is "Ada" instead of "Grace"',
  ],
  [{ path: '/orders/{id}', json: { missing: 1 } }, 'missing is missing instead of 1'],
  [{ path: '/orders/{id}', keep: { x: 'nothing' } }, 'the answer has no nothing to keep as x'],
  [{ path: '/orders/{other}', status: 200 }, 'answers 404 instead of 200: no such order'],
])('names the difference of %j', async (step, problem) => {
  expect((await followed([post, step])).problems.at(-1)).toBe(problem);
});

it('says that nobody answered', async () => {
  await using server = await served((_, response) => response.destroy());
  const { steps } = await askScenario({ name: 'x', steps: [post] }, steadyReach(server));
  expect(steps[0]?.problem).toMatch(/^no answer: .*(socket hang up|ECONNRESET)/);
});
