import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system.ts';
import { lookAtEndpoint } from './endpoint.ts';
import { matches, probeUrl } from './health.ts';

async function served(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/readyz`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const signal = new AbortController().signal;
const now = new Date('2026-11-21T15:00:00Z');

describe('a probe of a URL', () => {
  it('tells status, body and time', async () => {
    await using server = await served((_, response) =>
      response.writeHead(503).end('{"db":"down"}'),
    );
    const answer = await probeUrl(
      { url: server.url, timeoutMs: 5000, body: '"up"' },
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
    const answer = await probeUrl({ url: server.url, timeoutMs: 5000 }, { signal, now });
    expect([answer.status, answer.bodyMatches]).toEqual([302, null]);
  });

  it('gives up on an answer that does not end', async () => {
    await using server = await served((_, response) => void response.writeHead(200).write('x'));
    const answer = await probeUrl({ url: server.url, timeoutMs: 100 }, { signal, now });
    expect([answer.status, answer.error]).toEqual([null, 'no whole answer within 100 ms']);
  });

  it('says why there is none', async () => {
    const answer = await probeUrl({ url: 'http://127.0.0.1:1/', timeoutMs: 5000 }, { signal, now });
    expect(answer.error).toContain('ECONNREFUSED');
  });

  it('ends with the reason of the signal', async () => {
    const controller = new AbortController();
    await using server = await served(() => controller.abort(new Error('stop')));
    const asked = { url: server.url, timeoutMs: 5000 };
    await expect(probeUrl(asked, { signal: controller.signal, now })).rejects.toThrow('stop');
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
