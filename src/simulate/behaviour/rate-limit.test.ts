import type { RequestListener } from 'node:http';
import { expect, it } from 'vitest';
import { askRateLimit } from './rate-limit.ts';
import { served } from './testing.ts';

/** Lets so many through, and refuses the others. */
const limiter = (most: number, headers: Record<string, string> = {}): RequestListener => {
  let count = 0;
  return (_, response) => {
    count += 1;
    response.writeHead(count > most ? 429 : 200, count > most ? headers : {}).end();
  };
};
const declared = { path: '/login', requests: 50, withinMs: 30_000 };

it('sees the limit, and stops there', async () => {
  await using server = await served(limiter(50, { 'retry-after': '30' }));
  const seen = await askRateLimit(declared, server);
  expect(seen).toMatchObject({ planned: 55, limited: true, retryAfter: '30', error: null });
  expect(seen.answered).toBeGreaterThan(50);
  expect(server.asked.length).toBe(seen.answered);
});

it('sees that there is none', async () => {
  await using server = await served((_, response) => response.end());
  const seen = await askRateLimit(declared, server);
  expect(seen).toMatchObject({ answered: 55, limited: false, retryAfter: null });
  expect(server.asked).toHaveLength(55);
});

it('sees a refusal that does not say how long to wait', async () => {
  await using server = await served(limiter(3));
  expect(await askRateLimit(declared, server)).toMatchObject({ limited: true, retryAfter: null });
});

it('never has more than ten requests under way', async () => {
  let under = 0;
  let most = 0;
  await using server = await served((_, response) => {
    under += 1;
    most = Math.max(most, under);
    setTimeout(() => {
      under -= 1;
      response.end();
    }, 2);
  });
  await askRateLimit(declared, server);
  expect(most).toBeLessThanOrEqual(10);
});

it('ends with the time that is declared', async () => {
  await using server = await served((_, response) => {
    setTimeout(() => response.end(), 20);
  });
  const seen = await askRateLimit({ ...declared, requests: 900, withinMs: 100 }, server);
  expect(seen).toMatchObject({ planned: 990, limited: false });
  expect(seen.answered).toBeLessThan(200);
});

it('tells the first error', async () => {
  await using server = await served((_, response) => response.destroy());
  const seen = await askRateLimit(declared, server);
  expect(seen.answered).toBe(0);
  expect(seen.error).toMatch(/socket hang up|ECONNRESET/);
});

it('asks again from elsewhere once it is limited', async () => {
  let count = 0;
  await using server = await served(({ headers }, response) => {
    // As a limiter does that believes every X-Forwarded-For.
    const known = headers['x-forwarded-for'] === undefined;
    count += known ? 1 : 0;
    response.writeHead(known && count > 2 ? 429 : 200, { 'retry-after': '1' }).end();
  });
  const bypassHeaders = ['X-Forwarded-For', 'Forwarded'];
  const seen = await askRateLimit({ ...declared, requests: 2, bypassHeaders }, server);
  expect(seen.bypasses).toEqual([
    { header: 'X-Forwarded-For', status: 200, error: null },
    { header: 'Forwarded', status: 429, error: null },
  ]);
});
