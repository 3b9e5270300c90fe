import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { Fault } from '../../core/fault.ts';
import type { ProcessEnd, ProcessRunner, StreamOptions } from './process.ts';

const keptBytes = 64 * 1024;

/** See {@link ProcessRunner.stream}. */
export const streamProcess: ProcessRunner['stream'] = async (command, args, options) => {
  options.signal.throwIfAborted();
  // A broken input or a reader that gave up ends the program as an abort does.
  const broken = new AbortController();
  const said = lastBytes();
  const child = execa(command, args, {
    cancelSignal: AbortSignal.any([options.signal, broken.signal]),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    stdin: options.input === undefined ? 'ignore' : 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    forceKillAfterDelay: 2000,
    killDescendants: true,
  });
  child.stderr.on('data', said.take);

  const ended = child.then((result): Error | undefined => {
    if (options.signal.aborted) return asError(options.signal.reason);
    if (broken.signal.aborted) return asError(broken.signal.reason);
    if (result.exitCode === undefined) return startError(command, result);
    const end = { exitCode: result.exitCode, stderr: said.text() };
    return end.exitCode === 0 ? undefined : (options.failure ?? failureOf(command))(end);
  });
  const stop = (reason: unknown) => {
    if (!broken.signal.aborted) broken.abort(reason);
  };
  const fed = feed(options.input, child.stdin, stop);
  const value = consume(child.stdout, ended, options);
  // Told apart from the program's own failure, which the reader only passes on.
  value.catch(stop);
  const [error, input, read] = await Promise.allSettled([ended, fed, value]);
  options.signal.throwIfAborted();
  if (input.status === 'rejected') throw input.reason;
  if (error.status === 'rejected') throw error.reason;
  if (error.value) throw error.value;
  if (read.status === 'rejected') throw read.reason;
  return { value: read.value, stderr: said.text() };
};

/** Ends when the program took all, or when it closed its end: its exit code then says why. */
async function feed(
  input: Readable | undefined,
  stdin: NodeJS.WritableStream | null,
  stop: (reason: unknown) => void,
): Promise<void> {
  if (!input || !stdin) return;
  const closedByProgram = Promise.withResolvers<void>();
  let isClosed = false;
  const closed = () => {
    isClosed = true;
    closedByProgram.resolve();
  };
  stdin.once('error', closed);
  stdin.once('close', closed);
  let failure: { readonly reason: unknown } | undefined;
  input.once('error', (reason) => {
    // The pipeline tells the input so of a program that took no more; that is no failure of the input.
    if (isClosed) return;
    failure = { reason };
    stop(reason);
  });
  await Promise.race([
    pipeline(input, stdin).catch(() => undefined),
    closedByProgram.promise.then(() => input.destroy()),
  ]);
  if (failure) throw failure.reason;
}

async function consume<T>(
  stdout: Readable,
  ended: Promise<Error | undefined>,
  { signal, output }: StreamOptions<T>,
): Promise<T> {
  const held = new Transform({
    transform: (chunk, _, done) => done(null, chunk),
    flush: (done) => {
      ended.then(
        (error) => done(error),
        (error: unknown) => done(asError(error)),
      );
    },
  });
  const abort = () => held.destroy(asError(signal.reason));
  signal.addEventListener('abort', abort, { once: true });
  // A program that is missing or killed may leave its output without an end.
  ended.then((error) => error && held.destroy(error)).catch(() => undefined);
  const piped = pipeline(stdout, held).catch(() => undefined);
  try {
    return await output(held);
  } finally {
    held.destroy();
    await piped;
    signal.removeEventListener('abort', abort);
  }
}

function startError(
  command: string,
  result: { readonly code?: string | undefined; readonly signal?: string | undefined },
): Fault {
  return result.code === 'ENOENT'
    ? new Fault('tool-missing', `'${command}' is not on PATH`, { cause: result })
    : new Fault('tool-failed', `'${command}' ended by ${result.signal ?? result.code}`, {
        cause: result,
      });
}

const failureOf = (command: string) => (end: ProcessEnd) =>
  new Fault(
    'tool-failed',
    `'${command}' ended with ${end.exitCode}: ${end.stderr.trim() || 'it said nothing'}`,
  );

function lastBytes() {
  let kept = Buffer.alloc(0);
  return {
    take(chunk: Buffer) {
      kept = Buffer.concat([kept, chunk]).subarray(-keptBytes);
    },
    text: () => kept.toString('utf8'),
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
