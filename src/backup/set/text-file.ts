import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { gathering } from '../gather.ts';
import type { SetFile } from './manifest.ts';
import type { FileOptions, SetWriter } from './set-writer.ts';

/** A file of a set that is written piece by piece. */
export interface TextFile {
  /** Waits while the file cannot take more. */
  write(text: string): Promise<void>;
  end(): void;
  /** Writes what comes until {@link end}. To be called once, before the first text has to wait. */
  file(signal: AbortSignal): Promise<SetFile>;
}

export function written(writer: SetWriter, path: string, options: FileOptions = {}): TextFile {
  const content = new PassThrough();
  const texts = gathering();
  let stopped: AbortSignal | undefined;
  return {
    async write(text) {
      stopped?.throwIfAborted();
      const piece = texts.add(text);
      if (piece === undefined || content.write(piece)) return;
      await once(content, 'drain', stopped ? { signal: stopped } : {});
    },
    end: () => void content.end(texts.rest()),
    async file(signal) {
      stopped = signal;
      const abort = () => content.destroy(new Error('given up'));
      signal.addEventListener('abort', abort, { once: true });
      try {
        return await writer.file(path, content, signal, options);
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
  };
}
