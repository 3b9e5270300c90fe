import {
  type Agent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { TLSSocket } from 'node:tls';
import { messageOf, systemCode } from './fault.ts';

export interface HttpRequest {
  /** http or https. */
  readonly url: string;
  /** GET when not given. */
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** Milliseconds until the whole answer is there. */
  readonly timeoutMs: number;
  /** False takes any certificate, whoever signed it and for whatever name. */
  readonly verify?: boolean | undefined;
  /** Keeps connections of http; without one, each request has its own. */
  readonly agent?: Agent | undefined;
}

/** What came back; redirects are answers like any other. */
export interface HttpAnswer {
  /** Null when there was no whole answer. */
  readonly status: number | null;
  /** Names in lower case; several of one name are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The first mebibyte. */
  readonly body: string;
  readonly durationMs: number;
  /** Null without TLS. */
  readonly certificateEnds: Date | null;
  readonly error: string | null;
}

const keptBytes = 1024 * 1024;

/** Asks once. @throws the signal's reason */
export async function askHttp(asked: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  signal.throwIfAborted();
  const began = performance.now();
  const deadline = AbortSignal.timeout(asked.timeoutMs);
  const tookMs = () => Math.round(performance.now() - began);
  let certificateEnds: Date | null = null;
  try {
    const response = await send(asked, AbortSignal.any([signal, deadline]));
    certificateEnds = endOf(response);
    const body = await textOf(response);
    return {
      ...{ status: response.statusCode ?? null, headers: headersOf(response), body },
      ...{ durationMs: tookMs(), certificateEnds, error: null },
    };
  } catch (error) {
    signal.throwIfAborted();
    const why = deadline.aborted ? `no whole answer within ${asked.timeoutMs} ms` : reasonOf(error);
    const nothing = { status: null, headers: {}, body: '' };
    return { ...nothing, durationMs: tookMs(), certificateEnds, error: why };
  }
}

async function send(asked: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const url = new URL(asked.url);
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    rejectUnauthorized: asked.verify ?? true,
    method: asked.method ?? 'GET',
    headers: {
      ...{ 'user-agent': 'deploycheck', accept: '*/*' },
      ...(asked.agent ? {} : { connection: 'close' }),
      ...asked.headers,
    },
    agent: asked.agent ?? false,
    signal,
  };
  const request = start(url, options, resolve);
  request.on('error', reject);
  request.end(asked.body);
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

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]),
  );
}

function endOf({ socket }: IncomingMessage): Date | null {
  if (!(socket instanceof TLSSocket)) return null;
  const ends = new Date(socket.getPeerCertificate().valid_to);
  return Number.isNaN(ends.getTime()) ? null : ends;
}

function reasonOf(error: unknown): string {
  const code = systemCode(error);
  // Of several addresses, each of which failed.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return `${messageOf(first)}${code === undefined || messageOf(first).includes(code) ? '' : ` (${code})`}`;
}
