import type { Evidence } from '../core/evidence.ts';
import type { Bench } from './bench.ts';

const keptLines = 200;
const keptBytes = 64 * 1024;
const shownCharacters = 300;

interface KeptLog {
  /** Its last line, cut; empty when it printed nothing. */
  readonly last: string;
  readonly kept?: Evidence;
}

/** Keeps the end of a container's output as evidence, with secrets taken out. */
export async function keepLog(what: string, container: string, bench: Bench): Promise<KeptLog> {
  const { redact, evidence, evidencePrefix, request } = bench;
  const output = await bench.output(container, { tail: keptLines, maxBytes: keptBytes });
  const [stdout, stderr] = [redact(output?.stdout ?? ''), redact(output?.stderr ?? '')];
  if (`${stdout}${stderr}`.trim() === '') return { last: '' };
  const kept = await evidence.add({
    name: `${evidencePrefix}-${what}-log.txt`,
    mediaType: 'text/plain',
    content: `--- stdout\n${stdout}\n--- stderr\n${stderr}\n`,
    how: `the last ${keptLines} lines of ${request.label}, run as: ${what}`,
  });
  // Errors go to stderr as a rule; where there are none, the other tells how far it came.
  const [text = ''] = [stderr, stdout].filter((one) => one.trim() !== '');
  const last = text.trimEnd().split('\n').at(-1) ?? '';
  return { last: last.trim().slice(0, shownCharacters), kept };
}
