import { durationText, sizeText } from '../backup/age-text.ts';
import type { BackupEvent } from '../backup/systems.ts';

export interface BackupProgress {
  readonly onEvent: (event: BackupEvent) => void;
  close(): void;
}

export interface ProgressOptions {
  readonly quiet: boolean;
  readonly stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write' | 'on'>;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
}

/** What is known of the step under way. */
interface Step {
  readonly name: string;
  readonly startedMs: number;
  readonly bytes: number;
  /** Null where nobody knows how much there is. */
  readonly expectedBytes: number | null;
}

/** Milliseconds between two lines of a step. */
const redrawMs = 100;
const tellMs = 5000;
/** Before, a rate says more about the start than about what is left. */
const settledMs = 1000;
const erase = '\r\u001b[K';

/**
 * What a backup or restore does, on stderr: on a terminal one line that moves, with rate and time left;
 * elsewhere JSON lines, when a step begins, every five seconds, and when it has ended.
 */
export function backupProgress({ quiet, stream, now }: ProgressOptions): BackupProgress {
  if (quiet) return { onEvent: () => undefined, close: () => undefined };
  // `2>&1 | head` closes it early; who does not look any more must not end a backup.
  stream.on('error', () => undefined);
  const shown = stream.isTTY ? movingLine(stream) : jsonLines(stream);
  let step: Step = { name: '', startedMs: 0, bytes: 0, expectedBytes: null };
  let told = Number.NEGATIVE_INFINITY;
  const elapsed = () => now() - step.startedMs;
  return {
    onEvent(event) {
      if (event.type === 'step') {
        step = { name: event.name, startedMs: now(), bytes: 0, expectedBytes: null };
        told = now();
        shown.begun(step);
      } else if (event.type === 'expected') {
        step = { ...step, expectedBytes: (step.expectedBytes ?? 0) + event.bytes };
      } else if (event.type === 'bytes') {
        step = { ...step, bytes: step.bytes + event.bytes };
        if (now() - told < shown.everyMs) return;
        told = now();
        shown.underWay(step, elapsed());
      } else {
        shown.ended({ ...step, name: event.name }, event.durationMs);
        step = { ...step, bytes: 0, expectedBytes: null };
      }
    },
    close: shown.close,
  };
}

interface Shown {
  readonly everyMs: number;
  begun(step: Step): void;
  underWay(step: Step, elapsedMs: number): void;
  ended(step: Step, durationMs: number): void;
  close(): void;
}

function movingLine(stream: Pick<NodeJS.WriteStream, 'write'>): Shown {
  const draw = (text: string) => void stream.write(`${erase}${text}`);
  return {
    everyMs: redrawMs,
    begun: ({ name }) => draw(name),
    underWay(step, elapsedMs) {
      const ms = msLeft(step, elapsedMs);
      const left = ms === null ? '' : `, about ${durationText(Math.ceil(ms / 1000) * 1000)} left`;
      draw(`${step.name}${amountText(step, elapsedMs)}${left}`);
    },
    ended: (step, ms) => draw(`${step.name}: ${durationText(ms)}${amountText(step, ms)}\n`),
    close: () => draw(''),
  };
}

function jsonLines(stream: Pick<NodeJS.WriteStream, 'write'>): Shown {
  const tell = (line: Readonly<Record<string, unknown>>) =>
    void stream.write(`${JSON.stringify(line)}\n`);
  const seconds = (ms: number) => Math.round(ms) / 1000;
  return {
    everyMs: tellMs,
    begun: ({ name }) => tell({ event: 'step', step: name }),
    underWay(step, elapsedMs) {
      const { name, bytes, expectedBytes } = step;
      const left = msLeft(step, elapsedMs);
      tell({
        event: 'progress',
        ...{ step: name, bytes, expectedBytes },
        bytesPerSecond: rate(bytes, elapsedMs),
        secondsLeft: left === null ? null : Math.ceil(left / 1000),
      });
    },
    ended: ({ name, bytes }, ms) =>
      tell({ event: 'done', step: name, seconds: seconds(ms), bytes }),
    close: () => undefined,
  };
}

const rate = (bytes: number, ms: number): number => (ms > 0 ? Math.round((bytes * 1000) / ms) : 0);

function amountText({ bytes, expectedBytes }: Step, ms: number): string {
  if (bytes === 0) return '';
  const of =
    expectedBytes !== null && expectedBytes > bytes ? ` of ${sizeText(expectedBytes)}` : '';
  return `, ${sizeText(bytes)}${of}${ms > 0 ? ` at ${sizeText(rate(bytes, ms))}/s` : ''}`;
}

/** Null where nobody can say: too early, or more has come than was expected. */
function msLeft({ bytes, expectedBytes }: Step, elapsedMs: number): number | null {
  if (expectedBytes === null || bytes === 0 || elapsedMs < settledMs) return null;
  return expectedBytes > bytes ? ((expectedBytes - bytes) * elapsedMs) / bytes : null;
}
