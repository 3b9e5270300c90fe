import { PassThrough, type Readable, type Transform } from 'node:stream';

export interface RelayOptions {
  readonly signal: AbortSignal;
  /** What the reader is told when the source breaks. */
  failure(error: Error): Error;
  /** What the bytes go through; nothing when not given. */
  readonly through?: Transform;
}

/**
 * A stream whose two ends live and die together: the reader that gives up ends the source at once,
 * also one that stands still, and an abort ends both, with the signal's reason for the reader.
 */
export function relay(source: Readable, options: RelayOptions): Readable {
  const { signal, failure, through = new PassThrough() } = options;
  const abort = () => through.destroy(asError(signal.reason));
  source.once('error', (error) =>
    through.destroy(signal.aborted ? asError(signal.reason) : failure(error)),
  );
  // A stream that fails before anyone reads must not end the process; a later reader still gets the error.
  through.on('error', () => undefined);
  through.once('close', () => {
    signal.removeEventListener('abort', abort);
    source.on('error', () => undefined);
    source.destroy();
  });
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  else source.pipe(through);
  return through;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
