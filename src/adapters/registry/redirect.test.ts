import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createHttp, readBody } from './http.ts';

const { signal } = new AbortController();
const send = createHttp([]);

async function serving(listener: RequestListener) {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return { url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

it.each([301, 302, 303, 307, 308])(
  'a secret in a body goes to no other server by %s',
  async (status) => {
    let isAsked = false;
    await using other = await serving((_, response) => {
      isAsked = true;
      response.end();
    });
    await using first = await serving((_, response) => {
      response.writeHead(status, { location: other.url.href }).end();
    });
    const body = new URLSearchParams({ refresh_token: 'not for others' });
    await expect(send({ url: first.url, method: 'POST', body }, signal)).rejects.toMatchObject({
      code: 'registry-failed',
      message: expect.stringContaining('to where nothing may be sent'),
    });
    expect(isAsked).toBe(false);
  },
);

it('a body stays with its server, and a request without one may leave it without its credentials', async () => {
  await using other = await serving(({ headers }, response) => {
    response.end(headers.authorization ?? 'nobody');
  });
  await using first = await serving((request, response) => {
    if (request.url === '/here') request.pipe(response);
    else
      response
        .writeHead(307, { location: request.method === 'POST' ? '/here' : other.url.href })
        .end();
  });
  const said = async (request: Parameters<typeof send>[0]) =>
    Buffer.from(await readBody(await send(request, signal), 100, signal)).toString();
  const body = new URLSearchParams({ a: 'b' });
  expect(await said({ url: first.url, method: 'POST', body })).toBe('a=b');
  expect(await said({ url: first.url, headers: { authorization: 'Basic x' } })).toBe('nobody');
});
