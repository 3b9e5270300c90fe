import type { IncomingMessage, RequestListener } from 'node:http';
import { expect, it } from 'vitest';
import { askIdempotency } from './idempotency.ts';
import { bodyOf, served } from './testing.ts';
import { variants } from './variants.ts';

interface Order {
  readonly id: number;
  readonly text: string;
}

/** A shop that numbers its orders; `keyOf` says which requests it takes for the same. */
function shop(
  keyOf: (request: IncomingMessage) => string | undefined,
  { verifies = true, refuses = (_: string): boolean => false } = {},
): RequestListener {
  const known = new Map<string, Order>();
  let count = 0;
  return async (request, response) => {
    const text = await bodyOf(request);
    const key = keyOf(request);
    const earlier = key === undefined ? undefined : known.get(key);
    if (refuses(text)) return response.writeHead(400).end();
    if (earlier && verifies && earlier.text !== text) return response.writeHead(422).end();
    if (earlier) return response.writeHead(200).end(`order ${earlier.id}`);
    count += 1;
    if (key !== undefined) known.set(key, { id: count, text });
    return response.writeHead(201).end(`order ${count}`);
  };
}
const byKey = ({ headers }: IncomingMessage) => headers['idempotency-key']?.toString();

const body = { customer: 'Ada', lines: [{ sku: 'x', quantity: 1 }] };
async function seen(listener: RequestListener, declared = {}) {
  await using server = await served(listener);
  return await askIdempotency({ path: '/orders', body, ...declared }, server);
}

it('sees a key that is honoured', async () => {
  expect(await seen(shop(byKey))).toEqual({
    ...{ method: 'POST', header: 'Idempotency-Key', first: 201, again: 200, sameBody: true },
    ...{ otherAlone: 201, otherReused: 422, error: null },
  });
});

it('sees one that is not', async () => {
  expect(await seen(shop(() => undefined))).toMatchObject({
    ...{ first: 201, again: 201, sameBody: false },
    ...{ otherAlone: 201, otherReused: 201 },
  });
});

it('sees a second order answered as the first', async () => {
  expect(await seen(shop(byKey, { verifies: false }))).toMatchObject({
    ...{ sameBody: true, otherAlone: 201, otherReused: 200 },
  });
});

it('looks for another body that is good in itself', async () => {
  const picky = shop(byKey, { refuses: (text) => /Ada 2|x 2/.test(text) });
  expect(await seen(picky)).toMatchObject({ otherAlone: 201, otherReused: 422 });
  const pickier = shop(byKey, { refuses: (text) => text !== JSON.stringify(body) });
  expect(await seen(pickier)).toMatchObject({ otherAlone: 400, otherReused: null, error: null });
});

it('stops at a request that is refused, and takes another header', async () => {
  const refusing: RequestListener = (_, response) => response.writeHead(400).end();
  expect(await seen(refusing)).toMatchObject({ first: 400, again: null, sameBody: null });
  const own = shop(({ headers }) => headers['x-request-key']?.toString());
  expect(await seen(own, { header: 'X-Request-Key' })).toMatchObject({ otherReused: 422 });
});

it('brings its token along', async () => {
  const guarded: RequestListener = ({ headers }, response) =>
    response.writeHead(headers.authorization === 'Bearer good-token' ? 201 : 401).end();
  expect(await seen(guarded, { token: 'good-token' })).toMatchObject({ first: 201 });
  expect(await seen(guarded)).toMatchObject({ first: 401 });
});

it('alters one value at a time', () => {
  expect(variants(body)).toEqual([
    { ...body, customer: 'Ada 2' },
    { ...body, lines: [{ sku: 'x 2', quantity: 1 }] },
    { ...body, lines: [{ sku: 'x', quantity: 2 }] },
  ]);
  expect(variants({ gift: false, note: null })).toEqual([{ gift: true, note: null }]);
  expect(variants(Array.from({ length: 20 }, () => 1))).toHaveLength(8);
});
