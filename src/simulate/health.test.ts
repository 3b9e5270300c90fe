import { describe, expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system.ts';
import { served } from './behaviour/testing.ts';
import { lookAtEndpoint } from './endpoint.ts';
import { isJsonType, matches, probeUrl } from './health.ts';

const signal = new AbortController().signal;
const now = new Date('2026-11-21T15:00:00Z');

describe('a probe of a URL', () => {
  it('tells status, body and time', async () => {
    await using server = await served((_, response) =>
      response.writeHead(503).end('{"db":"down"}'),
    );
    const answer = await probeUrl(
      { url: `${server.origin}/readyz`, timeoutMs: 5000, body: '"up"' },
      { signal, now },
    );
    expect(answer).toMatchObject({
      ...{ status: 503, body: '{"db":"down"}', bodyMatches: false, tlsDaysLeft: null, error: null },
    });
  });

  it('does not follow redirects', async () => {
    await using server = await served((_, response) =>
      response.writeHead(302, { location: '/elsewhere' }).end(),
    );
    const answer = await probeUrl(
      { url: `${server.origin}/readyz`, timeoutMs: 5000 },
      { signal, now },
    );
    expect([answer.status, answer.bodyMatches]).toEqual([302, null]);
  });

  it('gives up on an answer that does not end', async () => {
    await using server = await served((_, response) => void response.writeHead(200).write('x'));
    const answer = await probeUrl(
      { url: `${server.origin}/readyz`, timeoutMs: 100 },
      { signal, now },
    );
    expect([answer.status, answer.error]).toEqual([null, 'no whole answer within 100 ms']);
  });

  it('says why there is none', async () => {
    const answer = await probeUrl({ url: 'http://127.0.0.1:1/', timeoutMs: 5000 }, { signal, now });
    expect(answer.error).toContain('ECONNREFUSED');
  });

  it('ends with the reason of the signal', async () => {
    const controller = new AbortController();
    await using server = await served(() => controller.abort(new Error('stop')));
    const asked = { url: `${server.origin}/readyz`, timeoutMs: 5000 };
    await expect(probeUrl(asked, { signal: controller.signal, now })).rejects.toThrow('stop');
  });
});

describe('a JSON answer', () => {
  const json = (value: unknown, type = 'application/json') =>
    served((_, response) =>
      response.writeHead(200, { 'content-type': type }).end(JSON.stringify(value)),
    );
  const dependencies = { database: 'up', 'parts.queue.depth': 0, ready: true };
  const asked = { timeoutMs: 5000, format: 'json', dependencies } as const;

  it('says what the service needs, by dotted path', async () => {
    await using server = await json({ database: 'down', parts: { queue: { depth: 0 } } });
    const answer = await probeUrl({ ...asked, url: server.origin }, { signal, now });
    expect(answer.json).toEqual({ parses: true, mediaType: 'application/json' });
    expect(answer.dependencies).toEqual([
      { name: 'database', expected: 'up', found: 'down' },
      { name: 'parts.queue.depth', expected: '0', found: '0' },
      { name: 'ready', expected: 'true', found: null },
    ]);
  });

  it('is told from another one', async () => {
    await using page = await served((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    );
    const answer = await probeUrl({ ...asked, url: page.origin }, { signal, now });
    expect(answer.json).toEqual({ parses: false, mediaType: 'text/html' });
    expect(answer.dependencies.map(({ found }) => found)).toEqual([null, null, null]);
  });

  it.each([
    ['application/json; charset=utf-8', true],
    ['application/health+json', true],
    ['application/vnd.api.v1+json', true],
    ['text/json', false],
    ['application/jsonl', false],
    [null, false],
  ])('is named %s: %s', (type, good) => {
    expect(isJsonType(type)).toBe(good);
  });
});

it('takes words, or a regular expression', () => {
  expect(matches('{"status":"ok"}', '"status":"ok"')).toBe(true);
  expect(matches('ready in 12 ms', String.raw`ready in \d+`)).toBe(true);
  expect(matches('ready', 'not')).toBe(false);
  expect(matches('a(b', 'a(b')).toBe(true);
  expect(matches('ab', 'a(b')).toBe(false);
});

it('refuses what is no http URL, and keeps queries out of its name', async () => {
  const clock = systemClock;
  const probe = { timeoutMs: 5000, status: 200 };
  for (const url of ['shop', 'ftp://shop.example/']) {
    await expect(lookAtEndpoint({ ...probe, url }, { signal, clock })).rejects.toThrow(
      /no http or/,
    );
  }
  const seen = await lookAtEndpoint(
    { ...probe, url: 'http://ada:hunter22@127.0.0.1:1/x?token=secret' },
    { signal, clock },
  );
  expect(seen.name).toBe('http://127.0.0.1:1/x');
  expect(seen.digest).toMatch(/^sha256:/);
});

it('asks a URL for its headers and for origins', async () => {
  await using server = await served(({ headers }, response) => {
    response.setHeader('access-control-allow-origin', headers.origin ?? 'none');
    response.setHeader('x-content-type-options', 'nosniff').end('ok');
  });
  const seen = await lookAtEndpoint(
    {
      ...{ url: `${server.origin}/x?y=1`, timeoutMs: 5000, status: 200 },
      headers: { preset: 'security' },
      cors: [{ origin: 'https://evil.example', allowed: false }],
    },
    { signal, clock: systemClock },
  );
  expect(seen.headers).toMatchObject({
    tls: false,
    headers: { 'x-content-type-options': 'nosniff' },
  });
  expect(seen.cors[0]?.answers.map(({ allowOrigin }) => allowOrigin)).toEqual([
    'https://evil.example',
    'https://evil.example',
  ]);
  expect(server.asked).toEqual(['GET /x?y=1', 'OPTIONS /x?y=1', 'GET /x?y=1', 'GET /x?y=1']);
});
