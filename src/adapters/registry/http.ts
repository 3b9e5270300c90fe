import { setTimeout as delay } from 'node:timers/promises';
import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import { permittedUrl } from './origin.ts';
import { maxTries, mayPass, retryDelay } from './retry.ts';
import { discard, type HttpAnswer, type HttpRequest, send } from './transport.ts';

/** Follows redirects, tries again what may pass, and says in words what failed. */
export type Http = (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>;

const maxRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/** Nothing of the connection is lost for good with these: the server closed it, or was restarted. */
const passing = new Set(['ECONNRESET', 'EPIPE']);

export function createHttp(insecure: readonly string[]): Http {
  return async (request, signal) => {
    for (let tries = 1; ; tries++) {
      const answer = await follow(request, insecure, signal);
      const isPassing = answer instanceof Error || mayPass(answer.status);
      if (!isPassing) return answer;
      const retryAfter = answer instanceof Error ? null : answer.headers.get('retry-after');
      const wait = retryDelay(tries, retryAfter, new Date(), Math.random());
      if (wait === undefined) throw givenUp(request.url, answer, tries, retryAfter);
      if (!(answer instanceof Error)) discard(answer);
      await delay(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  };
}

/** An answer that is no redirect; an Error when the connection broke before there was one. */
async function follow(
  request: HttpRequest,
  insecure: readonly string[],
  signal: AbortSignal,
): Promise<HttpAnswer | Error> {
  let { url, headers = {} } = request;
  for (let hops = 0; hops <= maxRedirects; hops++) {
    const answer = await once({ ...request, url, headers }, signal);
    if (answer instanceof Error || !redirects.has(answer.status)) return answer;
    const location = answer.headers.get('location');
    discard(answer);
    const next = location === null ? undefined : permittedUrl(location, url, insecure);
    const leaves = next?.origin !== url.origin;
    // What is posted is a token to be changed for another, and not for other servers.
    if (!next || (leaves && request.body)) {
      throw new Fault('registry-failed', `${url.host} redirects to where nothing may be sent`);
    }
    // Who is not asked by us must not see our credentials.
    if (leaves) headers = withoutAuthorization(headers);
    url = next;
  }
  throw new Fault(
    'registry-failed',
    `${request.url.host} redirects more than ${maxRedirects} times`,
  );
}

async function once(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer | Error> {
  const { host } = request.url;
  try {
    signal.throwIfAborted();
    return await send(request, signal);
  } catch (error) {
    signal.throwIfAborted();
    const code = systemCode(error) ?? '';
    if (error instanceof Error && passing.has(code)) return error;
    throw new Fault(
      // The other end is there and does not keep to the protocol.
      code.startsWith('HPE_') ? 'registry-failed' : 'registry-unreachable',
      `${host}: ${messageOf(error) || code}`,
      { cause: error },
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
  answer: HttpAnswer | Error,
  tries: number,
  retryAfter: string | null,
): Fault {
  if (answer instanceof Error) {
    return new Fault('registry-failed', `${url.host} closed the connection ${tries} times`, {
      cause: answer,
    });
  }
  discard(answer);
  const asks = retryAfter === null || tries === maxTries ? '' : `, and asks to wait ${retryAfter}`;
  const times = tries === 1 ? '' : ` ${tries} times`;
  return new Fault('registry-failed', `${url.host} answers ${answer.status}${times}${asks}`);
}

/**
 * The whole body, of at most so many bytes.
 * @throws Fault `registry-failed`; the signal's reason
 */
export async function readBody(
  answer: HttpAnswer,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { host } = answer.url;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body) {
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
