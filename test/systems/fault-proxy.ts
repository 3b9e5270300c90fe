import { once } from 'node:events';
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What happens to one request. */
export type Act =
  | {
      readonly answer: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The body arrives `bytes` at a time. */
  | { readonly slow: { readonly bytes: number; readonly everyMs: number } }
  /** After so many bytes of the body the connection ends. */
  | { readonly truncateAt: number }
  /** The byte at this offset of the body is another one. */
  | { readonly alterAt: number }
  /** After so many bytes of the body nothing more comes. */
  | { readonly hangAt: number }
  /** The connection is reset before any answer. */
  | 'reset'
  /** No answer ever comes. */
  | 'hang';

/** Undefined lets the request pass. */
export type Script = (request: IncomingMessage) => Act | undefined;

export interface SeenRequest {
  /** `METHOD /path?query` */
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
}

export interface FaultProxy extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** In the order of arrival. */
  readonly requests: readonly SeenRequest[];
  /** How many requests met their fault: for one in the body, when its bytes have been sent. */
  acts(): number;
  connections(): number;
  /** Resolves once the condition holds; it is asked whenever something happens here. */
  until(condition: () => boolean): Promise<void>;
  /** What happens from now on. */
  play(script: Script): void;
}

/** The act for the first so many requests whose `METHOD /path` fits; the others pass. */
export function first(count: number, act: Act, which: RegExp = /./): Script {
  let left = count;
  return ({ method, url }) => (which.test(`${method} ${url}`) && left-- > 0 ? act : undefined);
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly answer: ServerResponse;
  acted(): void;
}

/**
 * An HTTP proxy in front of a real server, which breaks what it is told to. Every connection ends
 * with its answer, so those that are open belong to a request under way.
 *
 * @param upstream `HOST:PORT`, or the path of a socket
 */
export async function faultProxy(
  upstream: string,
  start: Script = () => undefined,
): Promise<FaultProxy> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  let script = start;
  let acts = 0;
  const happened = () => {
    for (const look of waiting) look();
  };

  const server = createServer((incoming, answer) => {
    requests.push({ line: `${incoming.method} ${incoming.url}`, headers: incoming.headers });
    answer.shouldKeepAlive = false;
    const acted = () => {
      acts += 1;
      happened();
    };
    perform(upstream, script(incoming), { incoming, answer, acted });
    happened();
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      sockets.delete(socket);
      happened();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const listening = server.address();
  if (listening === null || typeof listening === 'string') throw new Error('no port');

  return {
    address: `127.0.0.1:${listening.port}`,
    requests,
    acts: () => acts,
    connections: () => sockets.size,
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    play(next) {
      script = next;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function perform(upstream: string, act: Act | undefined, exchange: Exchange): void {
  const { incoming, answer, acted } = exchange;
  if (act === 'hang') acted();
  else if (act === 'reset') {
    incoming.socket.resetAndDestroy();
    acted();
  } else if (act !== undefined && 'answer' in act) {
    answer.writeHead(act.answer, act.headers).end(act.body);
    acted();
  } else forward(upstream, act, exchange);
}

type BodyAct = Exclude<Act, string | { readonly answer: number }>;

function forward(upstream: string, act: BodyAct | undefined, exchange: Exchange): void {
  const { incoming, answer } = exchange;
  const [host, port] = upstream.split(':');
  const outgoing = request({
    ...(upstream.startsWith('/') ? { socketPath: upstream } : { host, port }),
    method: incoming.method,
    path: incoming.url,
    headers: incoming.headers,
    agent: false,
  });
  outgoing.on('error', () => answer.destroy());
  answer.once('close', () => outgoing.destroy());
  outgoing.on('response', (response) => {
    const { connection: _, ...headers } = response.headers;
    answer.writeHead(response.statusCode ?? 502, headers);
    answer.flushHeaders();
    response.on('error', () => answer.destroy());
    if (act === undefined) response.pipe(answer);
    else spoil(response, act, exchange).catch(() => answer.destroy());
  });
  send(incoming, outgoing).catch(() => answer.destroy());
}

/**
 * A body of known length goes out in one piece with its end: Node ends a piped one by a write of its
 * own, which fails, and the answer with it, when the server has answered and closed by then.
 */
async function send(incoming: IncomingMessage, outgoing: ClientRequest): Promise<void> {
  if (incoming.headers['content-length'] === undefined) incoming.pipe(outgoing);
  else outgoing.end(Buffer.concat(await incoming.toArray()));
}

async function spoil(body: IncomingMessage, act: BodyAct, exchange: Exchange): Promise<void> {
  const { answer, acted } = exchange;
  let offset = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    if ('slow' in act) {
      for (let at = 0; at < bytes.length; at += act.slow.bytes) {
        answer.write(bytes.subarray(at, at + act.slow.bytes));
        if (offset + at === 0) acted();
        await delay(act.slow.everyMs);
      }
    } else if ('alterAt' in act) {
      const at = act.alterAt - offset;
      if (at >= 0 && at < bytes.length) {
        bytes[at] = (bytes[at] ?? 0) ^ 0xff;
        acted();
      }
      answer.write(bytes);
    } else {
      const end = 'truncateAt' in act ? act.truncateAt : act.hangAt;
      if (offset + bytes.length >= end) {
        answer.write(bytes.subarray(0, end - offset), () => {
          if ('truncateAt' in act) answer.destroy();
          acted();
        });
        if ('hangAt' in act) await once(answer, 'close');
        return;
      }
      answer.write(bytes);
    }
    offset += bytes.length;
  }
  answer.end();
}
