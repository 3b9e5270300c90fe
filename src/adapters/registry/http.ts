import { setTimeout as delay } from 'node:timers/promises';
import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import { permittedUrl } from './origin.ts';
import { maxTries, mayPass, retryDelay } from './retry.ts';

export interface HttpRequest {
  readonly url: URL;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams;
}

/** Follows redirects, tries again what may pass, and says in words what failed. */
export type Http = (request: HttpRequest, signal: AbortSignal) => Promise<Response>;

const maxRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/** Nothing of the connection is lost for good with these: the server closed it, or was restarted. */
const passing = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
/** The other end is there and does not keep to the protocol, or to time. */
const ofThePeer = /^(?:HPE_|UND_ERR_(?:HEADERS|BODY|RESPONSE))/;

export function createHttp(insecure: readonly string[]): Http {
  return async (request, signal) => {
    for (let tries = 1; ; tries++) {
      const answer = await follow(request, insecure, signal);
      const isPassing = answer instanceof Error || mayPass(answer.status);
      if (!isPassing) return answer;
      const retryAfter = answer instanceof Error ? null : answer.headers.get('retry-after');
      const wait = retryDelay(tries, retryAfter, new Date(), Math.random());
      if (wait === undefined) throw givenUp(request.url, answer, tries, retryAfter);
      if (!(answer instanceof Error)) await discard(answer);
      await delay(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  };
}

/** An answer that is no redirect; an Error when the connection broke before there was one. */
async function follow(
  request: HttpRequest,
  insecure: readonly string[],
  signal: AbortSignal,
): Promise<Response | Error> {
  let { url, headers = {} } = request;
  for (let hops = 0; hops <= maxRedirects; hops++) {
    const answer = await once({ ...request, url, headers }, signal);
    if (answer instanceof Error || !redirects.has(answer.status)) return answer;
    const location = answer.headers.get('location');
    await discard(answer);
    const next = location === null ? undefined : permittedUrl(location, url, insecure);
    if (!next) {
      throw new Fault('registry-failed', `${url.host} redirects to where nothing may be sent`);
    }
    // Who is not asked by us must not see our credentials.
    if (next.origin !== url.origin) headers = withoutAuthorization(headers);
    url = next;
  }
  throw new Fault(
    'registry-failed',
    `${request.url.host} redirects more than ${maxRedirects} times`,
  );
}

async function once(request: HttpRequest, signal: AbortSignal): Promise<Response | Error> {
  const { url, method = 'GET', headers, body } = request;
  try {
    return await fetch(url, {
      method,
      // A decompressed body would have another digest.
      headers: { 'accept-encoding': 'identity', 'user-agent': 'deploycheck', ...headers },
      ...(body && { body }),
      redirect: 'manual',
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = systemCode(cause) ?? '';
    if (cause instanceof Error && passing.has(code)) return cause;
    throw new Fault(
      ofThePeer.test(code) ? 'registry-failed' : 'registry-unreachable',
      `${url.host}: ${messageOf(cause) || code}`,
      { cause },
    );
  }
}

function withoutAuthorization(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { authorization: _, ...others } = headers;
  return others;
}

function givenUp(
  url: URL,
  answer: Response | Error,
  tries: number,
  retryAfter: string | null,
): Fault {
  if (answer instanceof Error) {
    return new Fault('registry-failed', `${url.host} closed the connection ${tries} times`, {
      cause: answer,
    });
  }
  void discard(answer);
  const asks = retryAfter === null || tries === maxTries ? '' : `, and asks to wait ${retryAfter}`;
  const times = tries === 1 ? '' : ` ${tries} times`;
  return new Fault('registry-failed', `${url.host} answers ${answer.status}${times}${asks}`);
}

/** Frees the connection of an answer whose body nobody wants. */
export async function discard(answer: Response): Promise<void> {
  await answer.body?.cancel().catch(() => undefined);
}

/**
 * The whole body, of at most so many bytes.
 * @throws Fault `registry-failed`; the signal's reason
 */
export async function readBody(
  answer: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { host } = new URL(answer.url);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      size += chunk.length;
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw brokenOff(host, error);
  }
  if (size > maxBytes) {
    throw new Fault(
      'registry-failed',
      `${host} sends more than ${maxBytes} bytes where few belong`,
    );
  }
  return Buffer.concat(chunks);
}

export function brokenOff(host: string, cause: unknown): Fault {
  return new Fault('registry-failed', `${host} broke off in mid-answer`, { cause });
}
