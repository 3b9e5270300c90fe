import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { TLSSocket } from 'node:tls';
import { messageOf, systemCode } from '../core/fault.ts';

export interface UrlProbe {
  /** http or https. */
  readonly url: string;
  /** Milliseconds until the whole answer is there. */
  readonly timeoutMs: number;
  /** Text, or regular expression, that the body must match. */
  readonly body?: string | undefined;
}

/** What came back; redirects are answers like any other. */
export interface UrlAnswer {
  /** Null when there was no answer. */
  readonly status: number | null;
  /** Null when nothing was to be matched or there was no answer. */
  readonly bodyMatches: boolean | null;
  /** The first characters of the body. */
  readonly body: string;
  readonly durationMs: number;
  /** Whole days until the server's certificate ends; null without TLS. */
  readonly tlsDaysLeft: number | null;
  readonly error: string | null;
}

const keptBytes = 1024 * 1024;
const shownCharacters = 200;

/** Asks once. @throws the signal's reason */
export async function probeUrl(
  { url, timeoutMs, body }: UrlProbe,
  { signal, now }: { readonly signal: AbortSignal; readonly now: Date },
): Promise<UrlAnswer> {
  signal.throwIfAborted();
  const began = performance.now();
  const deadline = AbortSignal.timeout(timeoutMs);
  const tookMs = () => Math.round(performance.now() - began);
  let tlsDaysLeft: number | null = null;
  try {
    const response = await get(new URL(url), AbortSignal.any([signal, deadline]));
    tlsDaysLeft = daysLeft(response, now);
    const text = await textOf(response);
    return {
      status: response.statusCode ?? null,
      bodyMatches: body === undefined ? null : matches(text, body),
      body: text.slice(0, shownCharacters),
      durationMs: tookMs(),
      tlsDaysLeft,
      error: null,
    };
  } catch (error) {
    signal.throwIfAborted();
    const why = deadline.aborted ? `no whole answer within ${timeoutMs} ms` : reasonOf(error);
    const none = { status: null, bodyMatches: null, body: '' };
    return { ...none, durationMs: tookMs(), tlsDaysLeft, error: why };
  }
}

async function get(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = { 'user-agent': 'deploycheck', accept: '*/*', connection: 'close' };
  const request = start(url, { signal, headers, agent: false }, resolve);
  request.on('error', reject);
  request.end();
  return promise;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    parts.push(chunk);
    size += chunk.length;
    if (size > keptBytes) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

function daysLeft({ socket }: IncomingMessage, now: Date): number | null {
  if (!(socket instanceof TLSSocket)) return null;
  const ends = Date.parse(socket.getPeerCertificate().valid_to);
  return Number.isNaN(ends) ? null : Math.floor((ends - now.getTime()) / 86_400_000);
}

/** Whether a text holds the words, or matches them as a regular expression. */
export function matches(text: string, wanted: string): boolean {
  if (text.includes(wanted)) return true;
  try {
    return new RegExp(wanted).test(text);
  } catch {
    return false;
  }
}

function reasonOf(error: unknown): string {
  const code = systemCode(error);
  // Of several addresses, each of which failed.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return `${messageOf(first)}${code === undefined || messageOf(first).includes(code) ? '' : ` (${code})`}`;
}
