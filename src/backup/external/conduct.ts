import type { Readable } from 'node:stream';
import type { ProcessEnd, ProcessRunner } from '../../adapters/process/process.ts';

export interface Conducting {
  readonly signal: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Ended extends ProcessEnd {
  /** The first of what it printed. */
  readonly stdout: string;
}

const keptBytes = 64 * 1024;

/**
 * Runs a program for as long as it takes, with bounded memory; every exit code is a value.
 * @throws Fault `tool-missing`, `tool-failed` (killed); the signal's reason
 */
export async function conduct(
  processes: ProcessRunner,
  command: string,
  args: readonly string[],
  options: Conducting,
): Promise<Ended> {
  let stdout = '';
  const end = await endOf(processes, command, args, options, async (stream) => {
    for await (const chunk of stream) {
      if (stdout.length < keptBytes) stdout += String(chunk).slice(0, keptBytes - stdout.length);
    }
  });
  return { ...end, stdout };
}

/** The lines of a program, however many there are. @throws as {@link conduct} */
export async function eachLine(
  processes: ProcessRunner,
  command: string,
  args: readonly string[],
  options: Conducting,
  take: (line: string) => void,
): Promise<ProcessEnd> {
  return endOf(processes, command, args, options, async (stream) => {
    let rest = '';
    for await (const chunk of stream) {
      const lines = (rest + String(chunk)).split('\n');
      rest = (lines.pop() ?? '').slice(0, keptBytes);
      for (const line of lines) take(line.trimEnd());
    }
    if (rest !== '') take(rest.trimEnd());
  });
}

/** @param output reads what the program prints */
async function endOf(
  processes: ProcessRunner,
  command: string,
  args: readonly string[],
  options: Conducting,
  output: (stream: Readable) => Promise<void>,
): Promise<ProcessEnd> {
  let failed: ProcessEnd | undefined;
  const failure = (end: ProcessEnd) => {
    failed = end;
    return new Error('ended with an exit code, which is a value here');
  };
  try {
    const { stderr } = await processes.stream(command, args, { ...options, output, failure });
    return { exitCode: 0, stderr };
  } catch (error) {
    options.signal.throwIfAborted();
    if (failed) return failed;
    throw error;
  }
}

/** Text for a command that a shell reads, as `restore_command` is. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
