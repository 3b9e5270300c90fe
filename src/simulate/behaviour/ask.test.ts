import { expect, it } from 'vitest';
import { askBehaviour, unaskedBehaviour } from './ask.ts';
import { served, steadyReach } from './testing.ts';

const behaviour = {
  rateLimit: [{ path: '/login', requests: 1, withinMs: 1000 }],
  headers: [{ path: '/', preset: 'security' as const }],
  cors: [{ path: '/', origin: 'https://shop.example', allowed: true }],
  authentication: [{ path: '/orders' }, { path: '/orders', method: 'DELETE' }],
  idempotency: [{ path: '/orders', body: {} }],
};
const target = { service: 'shop', behaviour };

it('asks what is declared, the limit of requests last', async () => {
  await using server = await served((_, response) => response.end());
  const seen = await askBehaviour(target, [], steadyReach(server));
  expect(seen.map((entry) => `${entry.behaviour} ${entry.pod}`)).toEqual([
    ...['headers shop-1', 'cors shop-1', 'authentication shop-1', 'authentication shop-1'],
    ...['idempotency shop-1', 'rate-limit shop-1'],
  ]);
  expect(server.asked.at(-1)).toBe('GET /login');
  expect(await askBehaviour({ service: 'shop' }, [], steadyReach(server))).toEqual([]);
});

it('writes nothing with credentials that are the target’s own', async () => {
  await using server = await served((_, response) => response.end());
  const seen = await askBehaviour(target, ['shop-credentials'], steadyReach(server));
  expect(seen.flatMap((entry) => (entry.pod === null ? [entry.why] : []))).toEqual([
    expect.stringMatching(/^it writes, and Secret\/shop-credentials is the target's own/),
    expect.stringMatching(/^it writes/),
  ]);
  expect(server.asked.filter((line) => !/^(GET|OPTIONS) /.test(line))).toEqual([]);
});

it('says of each why it was not asked', () => {
  const unasked = unaskedBehaviour([target, { service: 'web' }], 'no pod is ready');
  expect(unasked).toHaveLength(6);
  expect(unasked[0]).toEqual({
    ...{ behaviour: 'headers', service: 'shop', path: '/', pod: null },
    why: 'no pod is ready',
  });
});
