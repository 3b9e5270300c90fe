import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';

export interface HttpRequest {
  /** http or https. */
  readonly url: URL;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams;
}

/** What came back of one request; redirects are answers like any other. */
export interface HttpAnswer {
  readonly url: URL;
  readonly status: number;
  /** Status 200 to 299. */
  readonly ok: boolean;
  readonly headers: Headers;
  /** As it was sent; it has to be read to its end or destroyed. */
  readonly body: Readable;
}

/** Milliseconds until a connection stands, and in which something has to come over it then. */
const connectMs = 10_000;
const silenceMs = 300_000;

/**
 * Sends once, by Node's own HTTP/1.1 client: `fetch` ends the program when a server closes the
 * connection before its answer was read (https://github.com/nodejs/undici/issues/5360).
 * @throws the error of the socket, the parser or the abort
 */
export async function send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { url, method = 'GET', headers, body } = request;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const options: RequestOptions = {
    method,
    headers: {
      // A decompressed body would have another digest.
      ...{ 'accept-encoding': 'identity', 'user-agent': 'deploycheck' },
      ...(body && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    },
    timeout: connectMs,
    signal,
  };
  const sent = start(url, options, resolve);
  sent.on('error', reject);
  limitSilence(sent);
  sent.end(body?.toString());
  return answerOf(await promise, url);
}

function limitSilence(sent: ClientRequest): void {
  sent.once('socket', (socket) => {
    if (!socket.connecting) socket.setTimeout(silenceMs);
    else socket.once('connect', () => socket.setTimeout(silenceMs));
  });
  sent.on('timeout', () => {
    const isConnecting = sent.socket?.connecting ?? true;
    const why = isConnecting
      ? `no connection within ${connectMs / 1000} s`
      : `silent for ${silenceMs / 1000} s`;
    sent.destroy(Object.assign(new Error(why), { code: 'ETIMEDOUT' }));
  });
}

function answerOf(message: IncomingMessage, url: URL): HttpAnswer {
  const { statusCode: status = 0, headersDistinct } = message;
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  // One that breaks off when nobody reads it must not end the program; a reader still gets the error.
  message.on('error', () => undefined);
  return { url, status, ok: status >= 200 && status < 300, headers, body: message };
}

/** Frees the connection of an answer whose body nobody wants. */
export function discard({ body }: HttpAnswer): void {
  // Of one that is all here the connection can serve again.
  if ('complete' in body && body.complete) body.resume();
  else body.destroy();
}
