import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Fault, messageOf } from '../../core/fault.ts';
import { fromHeaders } from './headers.ts';
import type { GetOptions, ObjectStore } from './objects.ts';
import { isAbsent } from './problem.ts';
import type { Asked, Requests } from './requests.ts';
import type { Outgoing } from './transport.ts';

/** A key that is stored and removed all the time is told apart from a server that contradicts itself. */
const statAttempts = 5;

/** @param idleMs milliseconds without a byte after which the server is given up */
export function downloads(
  requests: Requests,
  idleMs: number,
): Pick<ObjectStore, 'stat' | 'get' | 'read'> {
  const stat: ObjectStore['stat'] = async (bucket, key, signal, versionId) => {
    const query = { versionId };
    const outgoing = { method: 'HEAD', bucket, key, query } satisfies Outgoing;
    for (let attempt = 1; ; attempt++) {
      const answer = await requests.ask(outgoing, signal);
      if (answer.status === 200) {
        return fromHeaders(answer.headers, Number(answer.headers['content-length'] ?? 0));
      }
      if (answer.status !== 404 && answer.status !== 405) throw requests.fault(outgoing, answer);
      // HEAD gives no reason; the first byte is asked for to hear one.
      const headers = { range: 'bytes=0-0' };
      const why = await requests.ask({ method: 'GET', bucket, key, query, headers }, signal);
      if (isMissing(why)) return undefined;
      // It is there now: somebody stored it between the two questions.
      const appeared = why.status === 200 || why.status === 206;
      if (!appeared || attempt === statAttempts) throw requests.fault(outgoing, why);
    }
  };

  /** @returns undefined when there is no such object */
  const opened = async (
    outgoing: Outgoing,
    signal: AbortSignal,
  ): Promise<IncomingMessage | undefined> => {
    const answer = await requests.open(outgoing, signal);
    if (isResponse(answer)) return answer;
    if (isMissing(answer)) return undefined;
    throw requests.fault(outgoing, answer);
  };

  return {
    stat,

    async get(bucket, key, options, signal) {
      const query = { versionId: options.versionId };
      const headers = rangeHeader(options.range);
      const outgoing = { method: 'GET', bucket, key, query, headers } satisfies Outgoing;
      const answer = await opened(outgoing, signal);
      if (!answer) return undefined;
      const extent = extentOf(answer, options);
      if (extent === undefined) {
        answer.destroy();
        const why = 'the answer is not the range asked for';
        throw new Fault('objects-failed', `GET ${bucket}/${key}: ${why}`);
      }
      const expected = { bytes: extent.bytes, sha256: options.sha256, idleMs };
      const body = checkedBody(answer, expected, `GET ${bucket}/${key}`, signal);
      return { ...fromHeaders(answer.headers, extent.size), body };
    },

    async read(bucket, key, { most, versionId }, signal) {
      const query = { versionId };
      const outgoing = { method: 'GET', bucket, key, query } satisfies Outgoing;
      const answer = await opened(outgoing, signal);
      if (!answer) return undefined;
      const bytes = Number(answer.headers['content-length'] ?? Number.NaN);
      if (!(bytes <= most)) {
        answer.destroy();
        return 'larger';
      }
      const content = await wholeBody(answer, bytes, `GET ${bucket}/${key}`, signal);
      return { ...fromHeaders(answer.headers, bytes), content };
    },
  };
}

/** A stream and what it takes to end it cost more than the few bytes of a small object. */
async function wholeBody(
  response: IncomingMessage,
  bytes: number,
  what: string,
  signal: AbortSignal,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let received = 0;
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const failed = (why: string, cause?: unknown) =>
    new Fault('objects-failed', `${what}: ${why}`, { cause });
  response.on('data', (chunk: Buffer) => {
    received += chunk.length;
    chunks.push(chunk);
  });
  response.once('end', () => {
    if (received === bytes) resolve(Buffer.concat(chunks));
    else reject(failed(`cut after ${received} of ${bytes} bytes`));
  });
  response.once('error', (error) => {
    const cut = failed(`cut after ${received} of ${bytes} bytes: ${messageOf(error)}`, error);
    reject(signal.aborted ? signal.reason : cut);
  });
  response.once('close', () => {
    if (!response.complete) reject(failed(`cut after ${received} of ${bytes} bytes`));
  });
  return promise;
}

/** MethodNotAllowed is the answer for a version that is a delete marker. */
const isMissing = (answer: Asked): boolean =>
  isAbsent(answer) || (answer.status === 405 && answer.code === 'MethodNotAllowed');

const isResponse = (answer: object): answer is IncomingMessage => 'statusCode' in answer;

function rangeHeader(range: GetOptions['range']): Record<string, string> {
  if (!range) return {};
  const end = range.length === undefined ? '' : range.offset + range.length - 1;
  return { range: `bytes=${range.offset}-${end}` };
}

/** Bytes to come, and of the whole object. Undefined when it is another range than asked for. */
function extentOf(
  { statusCode, headers }: IncomingMessage,
  { range }: GetOptions,
): { bytes: number; size: number } | undefined {
  const bytes = Number(headers['content-length'] ?? Number.NaN);
  if (!range) return statusCode === 200 ? { bytes, size: bytes } : undefined;
  const [, first, last, size] =
    /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
  const asked = range.length === undefined ? Number(size) : range.offset + range.length;
  const isRight =
    statusCode === 206 &&
    Number(first) === range.offset &&
    Number(last) === Math.min(asked, Number(size)) - 1 &&
    bytes === Number(last) - Number(first) + 1;
  return isRight ? { bytes, size: Number(size) } : undefined;
}

interface Expected {
  readonly bytes: number;
  readonly sha256: string | undefined;
  readonly idleMs: number;
}

function checkedBody(
  response: IncomingMessage,
  expected: Expected,
  what: string,
  signal: AbortSignal,
): Readable {
  // From here on the pace is the reader's, whose pauses are not the server's.
  response.socket.setTimeout(0);
  const body = Readable.from(checked(response, expected, what, signal), { objectMode: false });
  // Destroying a stream made of a generator waits for the generator, and that one for the network.
  body.once('close', () => response.destroy());
  return body;
}

async function* checked(
  response: IncomingMessage,
  { bytes, sha256, idleMs }: Expected,
  what: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('sha256');
  let received = 0;
  const failed = (why: string, cause?: unknown) =>
    new Fault('objects-failed', `${what}: ${why}`, { cause });
  const chunks: AsyncIterator<Buffer> = response[Symbol.asyncIterator]();
  try {
    for (;;) {
      const late = new Error(`no byte for ${idleMs / 1000} seconds`);
      const timer = setTimeout(() => response.destroy(late), idleMs);
      const { done, value } = await chunks.next().finally(() => clearTimeout(timer));
      if (done) break;
      received += value.length;
      if (sha256 !== undefined) hash.update(value);
      yield value;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw failed(`cut after ${received} of ${bytes} bytes: ${messageOf(error)}`, error);
  }
  if (received !== bytes) throw failed(`cut after ${received} of ${bytes} bytes`);
  if (sha256 !== undefined && hash.digest('hex') !== sha256) {
    throw failed('the content does not have the SHA-256 expected');
  }
}
