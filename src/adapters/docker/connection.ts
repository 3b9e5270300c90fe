import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import { fieldOf, parseObject, textOf } from '../../core/json.ts';
import { relay } from '../streams/relay.ts';
import type { RegistryAuth } from './docker.ts';
import { type Endpoint, unreachable } from './endpoint.ts';
import { modemOf } from './modem.ts';

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | object>>;
  readonly body?: object;
  /** Sent as it is, instead of a body. */
  readonly archive?: Readable;
  readonly auth?: RegistryAuth & { readonly serveraddress: string };
  /** Statuses from 400 up that are values to the caller. */
  readonly expected?: readonly number[];
}

export interface Answer {
  readonly status: number;
  /** Undefined where the engine sends no JSON. */
  readonly value: unknown;
}

export interface StreamAnswer {
  readonly status: number;
  readonly body: Readable;
}

export interface Connection {
  readonly host: string;
  /** @throws Fault `engine-unreachable`, `engine-failed`, `reference-invalid`; the signal's reason */
  ask(ask: Ask, signal: AbortSignal): Promise<Answer>;
  text(ask: Ask, signal: AbortSignal): Promise<{ readonly status: number; readonly text: string }>;
  /** The body must be read or destroyed; it fails with the signal's reason, or `engine-failed`. */
  stream(ask: Ask, signal: AbortSignal): Promise<StreamAnswer>;
}

/** Bytes of a JSON answer. */
const maxAnswer = 16 * 1024 * 1024;

const everyStatus = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [100 + at, true]));

/**
 * Requests by dockerode's modem, always as streams: its own methods wait for ever when an answer
 * breaks off in the middle, keep bodies of any size, and some of them take no signal.
 */
export function connect(endpoint: Endpoint): Connection {
  const { host } = endpoint;
  const modem = modemOf(endpoint);

  const send = (ask: Ask, signal: AbortSignal): Promise<IncomingMessage> => {
    const { method = 'GET', path, query, body = {}, archive, auth } = ask;
    const sent = Promise.withResolvers<IncomingMessage>();
    const abort = () => sent.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const settled = () => signal.removeEventListener('abort', abort);
    const options = {
      method,
      path: query ? `${path}?` : path,
      // Without a body of its own, the modem would send the query a second time.
      options: { _query: query ?? {}, _body: body },
      ...(archive && { file: archive }),
      ...(auth && { authconfig: { ...auth } }),
      isStream: true,
      statusCodes: everyStatus,
      abortSignal: signal,
    };
    modem.dial(options, (error, answer) => {
      settled();
      if (error) sent.reject(error);
      // With isStream the modem hands the response over.
      else sent.resolve(answer as IncomingMessage);
    });
    return sent.promise;
  };

  const stream = async (ask: Ask, signal: AbortSignal): Promise<StreamAnswer> => {
    signal.throwIfAborted();
    let answer: IncomingMessage;
    try {
      answer = await send(ask, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw ask.archive?.errored ?? connectionFault(host, error);
    }
    const body = relay(answer, { signal, failure: (error) => brokenOff(host, error) });
    const status = answer.statusCode ?? 0;
    // 304: it is so already.
    const isGood = (status >= 200 && status < 300) || status === 304;
    if (isGood || ask.expected?.includes(status)) return { status, body };
    throw statusFault(host, status, await readAll(host, body));
  };

  const text = async (ask: Ask, signal: AbortSignal) => {
    const { status, body } = await stream(ask, signal);
    return { status, text: await readAll(host, body) };
  };

  return {
    host,
    stream,
    text,
    async ask(ask, signal) {
      const answer = await text(ask, signal);
      try {
        const value: unknown = answer.text === '' ? undefined : JSON.parse(answer.text);
        return { status: answer.status, value };
      } catch (cause) {
        throw new Fault('engine-failed', `Docker Engine at ${host} answers with no JSON`, {
          cause,
        });
      }
    },
  };
}

async function readAll(host: string, body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxAnswer) {
      throw new Fault(
        'engine-failed',
        `Docker Engine at ${host} answers more than ${maxAnswer} bytes`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket; is the engine running?',
  ENOTSOCK: 'that is no socket',
  EACCES: 'permission denied; your user must be allowed to use the socket',
  ECONNREFUSED: 'nothing listens there; is the engine running?',
  ENOTFOUND: 'no such host',
};

/** The connection was there, and ended; or what came is not HTTP. */
const brokenCode = /^(?:ECONNRESET|EPIPE|HPE_.*)$/;

function connectionFault(host: string, error: unknown): Fault {
  const code = systemCode(error) ?? '';
  if (brokenCode.test(code)) return brokenOff(host, error);
  return unreachable(host, reasons[code] ?? messageOf(error), error);
}

function brokenOff(host: string, cause: unknown): Fault {
  return new Fault('engine-failed', `Docker Engine at ${host} broke off: ${messageOf(cause)}`, {
    cause,
  });
}

function statusFault(host: string, status: number, text: string): Fault {
  const said = textOf(fieldOf(parseObject(text), 'message')) ?? text;
  const message = said.replace(/\s+/g, ' ').trim().slice(0, 500);
  if (status === 400 && message.includes('invalid reference format')) {
    return new Fault('reference-invalid', message);
  }
  return new Fault('engine-failed', `Docker Engine at ${host} answers ${status}: ${message}`);
}
