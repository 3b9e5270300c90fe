import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { Fault, messageOf } from '../../core/fault.ts';
import { reasonOf } from './abort.ts';
import type { Connection } from './connection.ts';

export type Query = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Under the server's URL, encoded. */
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Upgraded {
  readonly response: IncomingMessage;
  /** Set when the server changed the protocol (101). */
  readonly socket?: Duplex;
}

/** Milliseconds. A server whose packets vanish would otherwise hold a call for minutes. */
const connectMs = 10_000;
/** Milliseconds; the API server gives up on a request after 60 s (--request-timeout). */
const answerMs = 70_000;

/**
 * One exchange, as far as the head of the answer. The signal ends it at any time, the body included:
 * its socket is destroyed with the signal's reason.
 * @throws what Node throws; the signal's reason
 */
export async function send(
  connection: Connection,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<Upgraded> {
  signal.throwIfAborted();
  const { url } = connection;
  const options = await connection.options(signal);
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Upgraded>();
  const call = begin(url.protocol === 'https:' ? httpsRequest : httpRequest);
  const timer = setTimeout(() => call.destroy(timedOut('did not answer')), answerMs);
  let ending: { destroy(error: Error): void } = call;
  const abort = () => ending.destroy(reasonOf(signal));
  signal.addEventListener('abort', abort, { once: true });
  const settle = (answer: Upgraded) => {
    clearTimeout(timer);
    ending = answer.socket ?? answer.response;
    // The reader may not be there when the end comes; an unheard 'error' would end the process.
    answer.response.on('error', () => undefined);
    answer.socket?.on('error', () => undefined);
    const body = answer.socket ?? answer.response;
    body.once('close', () => signal.removeEventListener('abort', abort));
    resolve(answer);
  };
  call.once('socket', (socket) => {
    if (!socket.connecting) return;
    const connecting = setTimeout(() => call.destroy(timedOut('no connection')), connectMs);
    const stop = () => clearTimeout(connecting);
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', stop);
    call.once('close', stop);
  });
  call.once('response', (response) => settle({ response }));
  call.once('upgrade', (response, socket, head) => {
    socket.unshift(head);
    settle({ response, socket });
  });
  call.on('error', (error) => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    reject(signal.aborted ? signal.reason : error);
  });
  call.end(request.body);
  return promise;

  function begin(start: typeof httpsRequest) {
    try {
      return start({
        ...options,
        method: request.method,
        protocol: url.protocol,
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port,
        path: `${url.pathname.replace(/\/$/, '')}${request.path}${search(request.query)}`,
        headers: {
          accept: 'application/json',
          'user-agent': 'deploycheck',
          ...request.headers,
          ...(request.body === undefined
            ? {}
            : { 'content-length': Buffer.byteLength(request.body) }),
          ...options.headers,
        },
      });
    } catch (error) {
      // Certificates, keys and header values are looked at before the first byte is sent.
      throw new Fault(
        'kubeconfig-invalid',
        `the credentials of user '${connection.target.user}' cannot be used: ${messageOf(error)}`,
      );
    }
  }
}

const timedOut = (what: string): Error => Object.assign(new Error(what), { code: 'ETIMEDOUT' });

function search(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one));
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}

/**
 * The parts of a body. Breaking off destroys the socket.
 * @param idleMs the longest silence, while the reader waits
 * @throws what Node throws; the signal's reason
 */
export async function* chunks(
  body: IncomingMessage | Duplex,
  idleMs: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const iterator: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const timer = setTimeout(() => body.destroy(timedOut('silence')), idleMs);
      const next = await iterator.next().finally(() => clearTimeout(timer));
      if (next.done) break;
      yield next.value;
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    await iterator.return?.();
    body.destroy();
  }
  signal.throwIfAborted();
}
