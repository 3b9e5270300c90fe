import { durationText, sizeText } from '../backup/encryption/age-text.ts';
import type { BackupEvent } from '../backup/systems.ts';

export interface BackupProgress {
  readonly onEvent: (event: BackupEvent) => void;
  close(): void;
}

export interface ProgressOptions {
  readonly quiet: boolean;
  readonly stream: NodeJS.WriteStream;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
}

const redrawMs = 100;
const erase = '\r\u001b[K';

/** What a backup or restore does, on stderr: one line that moves on a terminal, a line a step elsewhere. */
export function backupProgress({ quiet, stream, now }: ProgressOptions): BackupProgress {
  if (quiet) return { onEvent: () => undefined, close: () => undefined };
  // `2>&1 | head` closes it early; who does not look any more must not end a backup.
  stream.on('error', () => undefined);
  let step = '';
  let bytes = 0;
  let began = 0;
  let drawn = Number.NEGATIVE_INFINITY;
  const amount = (durationMs: number) =>
    bytes === 0
      ? ''
      : `, ${sizeText(bytes)}${durationMs > 0 ? ` at ${sizeText(Math.round((bytes * 1000) / durationMs))}/s` : ''}`;
  const draw = () => {
    drawn = now();
    stream.write(`${erase}${step}${amount(drawn - began)}`);
  };
  return {
    onEvent(event) {
      if (event.type === 'step') {
        [step, bytes, began] = [event.name, 0, now()];
        if (stream.isTTY) draw();
      } else if (event.type === 'bytes') {
        bytes += event.bytes;
        if (stream.isTTY && now() - drawn >= redrawMs) draw();
      } else {
        const line = `${event.name}: ${durationText(event.durationMs)}${amount(event.durationMs)}\n`;
        stream.write(stream.isTTY ? `${erase}${line}` : line);
        bytes = 0;
      }
    },
    close() {
      if (stream.isTTY) stream.write(erase);
    },
  };
}
