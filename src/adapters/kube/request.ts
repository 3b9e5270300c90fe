import type { IncomingMessage } from 'node:http';
import { Fault } from '../../core/fault.ts';
import { wait } from './abort.ts';
import type { Connection } from './connection.ts';
import { failed, isBroken, statusFault, transportFault } from './faults.ts';
import type { ApiStatus } from './kube.ts';
import { concealed, statusOf, warningsOf } from './status.ts';
import { chunks, type HttpRequest, send } from './transport.ts';

export interface ApiRequest extends HttpRequest {
  /** Whether doing it twice is doing it once; otherwise only a 429, which did nothing, is repeated. */
  readonly idempotent: boolean;
  /** The answer is text, such as metrics; otherwise it has to be JSON. */
  readonly isText?: boolean;
  /** Takes secrets out of what the server says about the body. */
  readonly conceal?: (text: string) => string;
}

export type Reply =
  | { readonly ok: true; readonly body: unknown; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly status: ApiStatus; readonly warnings: readonly string[] };

const attempts = 5;
const firstWaitMs = 250;
/** Also the most that a server's Retry-After is followed. */
const longestWaitMs = 10_000;
const silenceMs = 60_000;
/** Far above a page of objects, each of which etcd bounds at 1.5 MiB. */
const maxBodyBytes = 512 * 1024 * 1024;
const transient = new Set([429, 500, 502, 503, 504]);

/**
 * One request with its answer, repeated while that can help.
 * @returns what the server made of it: done, or refused: 4xx, or a webhook that cannot be asked
 * @throws Fault `cluster-unreachable`, `cluster-denied` (401), `cluster-failed` (429, 5xx); the signal's reason
 */
export async function call(
  connection: Connection,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<Reply> {
  const { target } = connection;
  let renewed = false;
  for (let attempt = 1; ; attempt++) {
    const last = attempt === attempts;
    let answer: Answer;
    try {
      answer = await exchange(connection, request, signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof Fault) throw error;
      if (last || !request.idempotent || !isBroken(error)) {
        throw transportFault(target, request, error);
      }
      await wait(pauseMs(attempt, undefined), signal);
      continue;
    }
    const { code, body, warnings, retryAfter } = answer;
    if (code < 300) return { ok: true, body, warnings };
    const conceal = request.conceal ?? ((text: string) => text);
    const status = concealed(statusOf(code, body), conceal);
    if (code === 401 && !renewed && connection.renew()) {
      renewed = true;
      continue;
    }
    if (code === 401) throw statusFault(target, request, status);
    if (isRefusal(status)) return { ok: false, status, warnings };
    const repeatable = transient.has(code) && (request.idempotent || code === 429);
    // A webhook that stays away stands in the way of this object, not of the cluster.
    if ((last || !repeatable) && isWebhookDown(status)) return { ok: false, status, warnings };
    if (last || !repeatable) throw statusFault(target, request, status);
    await wait(pauseMs(attempt, retryAfter), signal);
  }
}

/**
 * The API server answers 500 to an applied object whose fields have the wrong types or cannot be
 * decoded (apimachinery, managedfields); that, too, is about the object.
 */
function isRefusal({ code, message }: ApiStatus): boolean {
  if (code === 500) return /^failed to (create typed patch|convert new) object/.test(message);
  return code < 500 && code !== 429;
}

/** What the API server answers when it cannot ask a webhook that has to be asked (apiserver, admission). */
const isWebhookDown = ({ code, message }: ApiStatus): boolean =>
  code === 500 && /failed calling webhook|failed to call webhook/.test(message);

/** Like {@link call} for what must be read: a refusal other than 404, which gives undefined, is a Fault. */
export async function read(
  connection: Connection,
  request: Omit<ApiRequest, 'idempotent' | 'method'>,
  signal: AbortSignal,
): Promise<unknown> {
  const get: ApiRequest = { ...request, method: 'GET', idempotent: true };
  const reply = await call(connection, get, signal);
  if (reply.ok) return reply.body;
  if (reply.status.code === 404) return undefined;
  throw statusFault(connection.target, get, reply.status);
}

interface Answer {
  readonly code: number;
  /** Parsed when it is JSON, text otherwise. */
  readonly body: unknown;
  readonly warnings: readonly string[];
  readonly retryAfter: string | undefined;
}

async function exchange(
  connection: Connection,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const { response, socket } = await send(connection, request, signal);
  socket?.destroy();
  const code = response.statusCode ?? 0;
  const text = await textOf(response, signal);
  if (text === undefined) throw failed(connection.target, request, 'answered too much to hold');
  const body = request.isText && code < 300 ? text : jsonOf(text);
  if (code < 300 && body === undefined) {
    throw failed(connection.target, request, 'answered something other than JSON');
  }
  return {
    code,
    body: body ?? text,
    warnings: warningsOf(response),
    retryAfter: response.headers['retry-after'],
  };
}

/** The whole body; undefined when it is longer than this process should hold. */
export async function textOf(
  response: IncomingMessage,
  signal: AbortSignal,
): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks(response, silenceMs, signal)) {
    size += chunk.length;
    if (size > maxBodyBytes) return undefined;
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Milliseconds before the next attempt: what the server asks for (seconds, or a date; RFC 9110 section
 * 10.2.3), otherwise twice as long each time, with a random part so that clients do not come together.
 */
export function pauseMs(attempt: number, retryAfter: string | undefined, now = Date.now()): number {
  if (retryAfter !== undefined) {
    const asked = /^\d+$/.test(retryAfter)
      ? Number(retryAfter) * 1000
      : Date.parse(retryAfter) - now;
    if (!Number.isNaN(asked)) return Math.min(Math.max(asked, 0), longestWaitMs);
  }
  const full = Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs);
  return full / 2 + Math.random() * (full / 2);
}
