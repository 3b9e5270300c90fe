import { open, readFile } from 'node:fs/promises';
import type { Digest } from './digest.ts';
import { sha256 } from './digest.ts';
import { systemCode } from './fault.ts';

/**
 * One line of `index.jsonl`: a run, or a sign-off of one. `previous` is the SHA-256 of the line
 * before, newline excluded.
 */
export interface IndexEntry {
  readonly run: string;
  /** For a sign-off: its file below `signoffs/`; `record` is then the digest of that file. */
  readonly signoff?: string;
  readonly record: Digest;
  readonly command: string;
  readonly startedAt: string;
  readonly verdict: string;
  readonly previous: Digest | null;
}

export interface IndexProblem {
  /** From 1. */
  readonly line: number;
  readonly kind: 'fork' | 'broken' | 'unreadable';
  readonly message: string;
}

export interface RunIndex {
  readonly entries: readonly IndexEntry[];
  readonly problems: readonly IndexProblem[];
  /** Digest of the last line: what the next one must name. */
  readonly head: Digest | null;
}

/** Reads the chain; a missing file is an empty one. */
export async function readIndex(file: string): Promise<RunIndex> {
  return parseIndex(await readText(file));
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  });
}

/**
 * Walks the chain. A line that names an earlier line than the one before it is a fork (two machines
 * appended to the same history); a line that names none of them means something was edited or removed.
 */
function parseIndex(text: string): RunIndex {
  const entries: IndexEntry[] = [];
  const problems: IndexProblem[] = [];
  const seen = new Set<string | null>([null]);
  let head: Digest | null = null;
  for (const [at, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const entry = parseEntry(line);
    if (!entry) {
      problems.push({
        line: at + 1,
        kind: 'unreadable',
        message: `line ${at + 1} is not an entry`,
      });
    } else {
      if (entry.previous !== head) {
        problems.push(
          seen.has(entry.previous)
            ? {
                line: at + 1,
                kind: 'fork',
                message: `run ${entry.run} forks the history: it follows an earlier line than the one before it`,
              }
            : {
                line: at + 1,
                kind: 'broken',
                message: `run ${entry.run} does not follow the line before it: a line was edited or removed`,
              },
        );
      }
      entries.push(entry);
    }
    head = sha256(line);
    seen.add(head);
  }
  return { entries, problems, head };
}

function parseEntry(line: string): IndexEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is IndexEntry {
  return (
    value !== null &&
    typeof value === 'object' &&
    'run' in value &&
    typeof value.run === 'string' &&
    'record' in value &&
    typeof value.record === 'string' &&
    'previous' in value
  );
}

/** Appends one entry and waits until it is on disk. The caller holds the lock. */
export async function appendIndex(
  file: string,
  entry: Omit<IndexEntry, 'previous'>,
): Promise<IndexEntry> {
  const text = await readText(file);
  const { head } = parseIndex(text);
  const chained: IndexEntry = { ...entry, previous: head };
  const handle = await open(file, 'a');
  const { size } = await handle.stat();
  // A line torn by a crash stays a line of its own: reported, and not run together with the next.
  const start = size > 0 && !text.endsWith('\n') ? '\n' : '';
  try {
    await handle.writeFile(`${start}${JSON.stringify(chained)}\n`);
    await handle.sync();
  } catch (error) {
    // A full disk may have taken half a line; the chain must end where it ended before.
    await handle.truncate(size);
    throw error;
  } finally {
    await handle.close();
  }
  return chained;
}
