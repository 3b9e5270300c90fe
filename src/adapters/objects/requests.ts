import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { Fault, systemCode } from '../../core/fault.ts';
import type { ObjectStoreSettings } from './objects.ts';
import { type Answer, answerFault, errorElement, problemOf, transportFault } from './problem.ts';
import { createTransport, type Outgoing, type TransportOptions } from './transport.ts';

export interface Requests {
  /**
   * The whole answer, whatever its status, unless the server is out of breath for longer than we try.
   * @throws Fault `objects-unreachable`, `objects-failed`; the signal's reason
   */
  ask(outgoing: Outgoing, signal: AbortSignal): Promise<Asked>;
  /** As `ask`, with the body of a good answer unread. */
  open(outgoing: Outgoing, signal: AbortSignal): Promise<Asked | IncomingMessage>;
  /** The Fault that an answer is to those who cannot use it. */
  fault(outgoing: Outgoing, answer: Answer): Fault;
  close(): void;
}

export interface Asked extends Answer {
  /** Of S3; empty when there is none. */
  readonly code: string;
  /** More than one when an earlier try may have been carried out unheard. */
  readonly tries: number;
}

export interface Patience extends TransportOptions {
  /** Tries in all. */
  readonly attempts: number;
  /** Milliseconds before the second try; doubled each time. */
  readonly delayMs: number;
}

export const defaultPatience: Patience = {
  attempts: 4,
  delayMs: 200,
  idleMs: 30_000,
  now: () => new Date(),
};

const longestDelayMs = 10_000;
/** A server that asks for more is down for now. */
const longestRetryAfterMs = 60_000;
/** A thousand keys of 1024 bytes, each encoded threefold, make a third of this. */
const maxAnswerBytes = 16 * 1024 * 1024;
const shownLength = 200;

export function createRequests(settings: ObjectStoreSettings, patience: Patience): Requests {
  const transport = createTransport(settings, patience);
  const fault = (outgoing: Outgoing, answer: Answer, tries = 1): Fault => {
    const what = describe(outgoing) + (tries > 1 ? ` (${tries} tries)` : '');
    return answerFault(settings, what, problemOf(answer), patience.now());
  };

  /**
   * A server that refuses an upload and hangs up can tear its own answer from our hands; a request
   * without a body hears it.
   */
  const refusalBehind = async (outgoing: Outgoing, signal: AbortSignal) => {
    const probe = { method: 'GET', bucket: outgoing.bucket, query: { location: '' } } as const;
    try {
      const answer = await read(await transport.send(probe, signal), 1);
      const found = fault(outgoing, answer);
      return answer.status !== 200 && found.code === 'objects-denied' ? found : undefined;
    } catch {
      return undefined;
    }
  };

  const attempt = async <T>(
    outgoing: Outgoing,
    signal: AbortSignal,
    take: (response: IncomingMessage, tries: number) => Promise<T | Asked>,
  ): Promise<T | Asked> => {
    for (let tries = 1; ; tries++) {
      let delayMs = delayAfter(tries, patience.delayMs);
      try {
        signal.throwIfAborted();
        const taken = await take(await transport.send(outgoing, signal), tries);
        if (!isAsked(taken) || !isTransient(taken)) return taken;
        delayMs = retryAfterMs(taken, patience.now()) ?? delayMs;
        if (tries >= patience.attempts || delayMs > longestRetryAfterMs) {
          throw fault(outgoing, taken, tries);
        }
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof Fault || isOurs(error)) throw error;
        if (tries >= patience.attempts || isFinal(error)) {
          const refusal = outgoing.body && (await refusalBehind(outgoing, signal));
          throw refusal ?? transportFault(settings, describe(outgoing), error, tries);
        }
      }
      await unlessAborted(pause(delayMs, undefined, { signal }), signal);
    }
  };

  return {
    ask: (outgoing, signal) => attempt<Asked>(outgoing, signal, read),
    open: (outgoing, signal) =>
      attempt<IncomingMessage>(outgoing, signal, async (response, tries) =>
        response.statusCode === 200 || response.statusCode === 206
          ? response
          : read(response, tries),
      ),
    fault,
    close: transport.close,
  };
}

async function read(response: IncomingMessage, tries: number): Promise<Asked> {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) response.destroy(new Error('the answer is too long'));
  });
  const text = (await buffer(response)).toString();
  const { statusCode = 0, headers } = response;
  // "200 OK" goes out before the server knows how CompleteMultipartUpload ends.
  const status = statusCode === 200 && errorElement(text) !== undefined ? 400 : statusCode;
  const { code } = problemOf({ status, headers, text });
  return { status, headers, text, code, tries };
}

const isAsked = (taken: unknown): taken is Asked =>
  typeof taken === 'object' && taken !== null && 'tries' in taken;

const transientCodes =
  /^(?:SlowDown|InternalError|ServiceUnavailable|RequestTimeout|OperationAborted|ConditionalRequestConflict)/;

const isTransient = ({ status, code }: Asked): boolean =>
  [408, 429, 500, 502, 503, 504].includes(status) || transientCodes.test(code);

/** Errors that the next try would meet again: unknown names and certificates that are not trusted. */
const isFinal = (error: unknown): boolean =>
  /^(?:ENOTFOUND|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|EPROTO)/.test(
    systemCode(error) ?? '',
  );

/** A request that cannot be made; the network's errors are plain ones. */
const isOurs = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof RangeError || error instanceof URIError;

/** Doubled each time, and never twice the same, so that many clients do not come back together. */
const delayAfter = (tries: number, firstMs: number): number =>
  Math.min(firstMs * 2 ** (tries - 1), longestDelayMs) * (0.5 + Math.random() / 2);

/** RFC 9110, section 10.2.3: seconds or a date. */
function retryAfterMs({ headers }: Asked, now: Date): number | undefined {
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}

/** The request in words: on one line, and not longer than a person reads. */
function describe({ method, bucket, key }: Outgoing): string {
  const name = key === undefined ? bucket : `${bucket}/${key}`;
  const shown = name.replaceAll(/\p{C}/gu, (odd) => JSON.stringify(odd).slice(1, -1));
  return `${method} ${shown.length > shownLength ? `${shown.slice(0, shownLength)}…` : shown}`;
}

/** Node rejects an aborted timer with an error of its own. */
async function unlessAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  try {
    await work;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
