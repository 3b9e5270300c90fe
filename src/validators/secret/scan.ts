import { sha256Hex } from '../../core/digest.ts';
import { buildAutomaton, searchChunk, startState } from './aho-corasick.ts';
import { knownPublic } from './known-public.ts';
import { type Confidence, entropyOf, isPlaceholder, type Shape, shapes } from './shapes.ts';

/** One credential found. Holds no more of it than {@link maskSecret} shows. */
export interface Hit {
  /** Id in the table of shapes. */
  readonly shape: string;
  readonly title: string;
  readonly confidence: Confidence;
  /** Bytes from the start of the stream to the start of the match. */
  readonly offset: number;
  /** From 1; null in a binary file. */
  readonly line: number | null;
  /** In bytes, from 1; null in a binary file. */
  readonly column: number | null;
  readonly masked: string;
  /** Whether a person chose the value, so that it may be weak. */
  readonly chosen: boolean;
  /** First 12 hex digits of the value's SHA-256: tells two secrets apart without showing either. */
  readonly valueHash: string;
}

export interface ScanResult {
  readonly hits: readonly Hit[];
  /** Hits beyond the cap that are not in `hits`. */
  readonly leftOut: number;
}

export interface Scanner {
  /** The chunk may be reused by the caller afterwards. */
  feed(chunk: Uint8Array): void;
  end(): ScanResult;
}

/** More than this many in one file say the same thing again. */
const maxHits = 50;

/** Bytes before an anchor that a pattern may look back on. */
const lookBehind = 64;

/** A file with a NUL byte among its first bytes is binary; git draws the same line. */
const textProbe = 8000;

interface Anchor {
  readonly text: string;
  readonly shape: Shape;
  readonly rank: number;
}

const anchors: readonly Anchor[] = shapes.flatMap((shape, rank) =>
  shape.anchors.map((text) => ({ text, shape, rank })),
);
const automaton = buildAutomaton(anchors.map((anchor) => anchor.text));

interface Candidate {
  readonly anchor: Anchor;
  /** Offset in the stream of the anchor's first byte. */
  readonly start: number;
}

interface Found extends Hit {
  readonly end: number;
  readonly rank: number;
}

/**
 * Scans one stream of bytes. Keeps what a pending candidate still needs, at most the longest reach
 * of a shape, so the memory used does not grow with the stream; the result does not depend on how
 * the bytes are cut into chunks.
 */
export function createScanner(): Scanner {
  let state = startState;
  let binary = false;
  /** The last bytes seen, and where in the stream they begin. */
  let kept: Uint8Array = new Uint8Array(0);
  let base = 0;
  let breaks: Breaks = { before: 0, last: -1 };
  let pending: Candidate[] = [];
  const found: Found[] = [];
  let leftOut = 0;

  const judge = ({ anchor, start }: Candidate, held: Buffer): void => {
    const from = Math.max(base, start - lookBehind);
    const text = held.toString('latin1', from - base, start + anchor.shape.reach - base);
    const value = matchAt(anchor.shape, text, start - from);
    if (!value || knownPublic.has(hashSecret(value.secret))) return;
    if (found.length === maxHits) {
      leftOut++;
      return;
    }
    const { before, last } = countBreaks(held.subarray(0, start - base), base, breaks);
    found.push({
      shape: anchor.shape.id,
      title: anchor.shape.title,
      confidence: value.confidence,
      offset: start,
      line: before + 1,
      column: start - last,
      chosen: anchor.shape.chosen === true,
      masked: anchor.shape.chosen ? '…' : maskSecret(value.secret),
      valueHash: hashSecret(value.secret),
      end: start + value.length,
      rank: anchor.rank,
    });
  };

  /**
   * Judges the candidates whose reach has been read (all of them at the end), in the order of the
   * stream so that the cap cuts the same ones whatever the chunks, and drops bytes nobody needs.
   */
  const settle = (held: Buffer, ended: boolean): void => {
    const total = base + held.length;
    const waits = ({ anchor, start }: Candidate) => !ended && start + anchor.shape.reach > total;
    const firstWaiting = pending.findIndex(waits);
    const ready = firstWaiting === -1 ? pending : pending.slice(0, firstWaiting);
    for (const candidate of ready) judge(candidate, held);
    pending = firstWaiting === -1 ? [] : pending.slice(firstWaiting);

    // Candidates come in the order of their anchors' ends: a later one may start a little earlier.
    const oldest = (pending[0]?.start ?? total) - longestAnchor;
    const drop = Math.max(0, oldest - lookBehind - base);
    if (!binary) breaks = countBreaks(held.subarray(0, drop), base, breaks);
    kept = new Uint8Array(held.subarray(drop));
    base += drop;
  };

  return {
    feed(chunk) {
      const chunkStart = base + kept.length;
      binary ||= chunkStart < textProbe && chunk.subarray(0, textProbe - chunkStart).includes(0);
      state = searchChunk(automaton, state, chunk, (index, end) => {
        const anchor = anchors[index];
        if (anchor) pending.push({ anchor, start: chunkStart + end - anchor.text.length });
      });
      settle(Buffer.concat([kept, chunk]), false);
    },
    end() {
      settle(Buffer.from(kept), true);
      const hits = withoutOverlaps(found).map(({ end: _, rank: __, ...hit }) =>
        binary ? { ...hit, line: null, column: null } : hit,
      );
      return { hits, leftOut };
    },
  };
}

const longestAnchor = Math.max(...anchors.map((anchor) => anchor.text.length));

/** Scans text or bytes that are at hand. */
export function scanBytes(content: string | Uint8Array): ScanResult {
  const scanner = createScanner();
  scanner.feed(typeof content === 'string' ? Buffer.from(content) : content);
  return scanner.end();
}

/** The first four characters and an ellipsis, and never more than a third of the value. */
function maskSecret(secret: string): string {
  const text = secret.trimStart();
  return `${text.slice(0, Math.min(4, Math.floor(text.length / 3)))}…`;
}

interface Value {
  readonly secret: string;
  readonly length: number;
  readonly confidence: Confidence;
}

function matchAt(shape: Shape, text: string, index: number): Value | undefined {
  shape.pattern.lastIndex = index;
  const match = shape.pattern.exec(text);
  if (!match) return undefined;
  const secret = match.groups?.secret ?? match[0];
  if (shape.placeholders !== false && isPlaceholder(secret)) return undefined;
  if (shape.entropy !== undefined && entropyOf(secret) < shape.entropy) return undefined;
  const confidence = shape.judge ? shape.judge(match) : 'likely';
  return confidence && { secret, length: match[0].length, confidence };
}

/** The same key text counts as the same value whether its line ends are real or escaped. */
function hashSecret(secret: string): string {
  return sha256Hex(Buffer.from(secret.replace(/\\{1,2}[nr]|\s/g, ''), 'latin1')).slice(0, 12);
}

interface Breaks {
  /** How many line breaks came so far. */
  readonly before: number;
  /** Offset in the stream of the last of them, -1 when there is none. */
  readonly last: number;
}

function countBreaks(bytes: Uint8Array, base: number, since: Breaks): Breaks {
  let { before, last } = since;
  for (let index = 0; index < bytes.length; index++) {
    if (bytes[index] === 10) {
      before++;
      last = base + index;
    }
  }
  return { before, last };
}

/** Of hits that share bytes, the one whose shape says most: a token in a URL is a token. */
function withoutOverlaps(found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const hit of [...found].sort((a, b) => a.rank - b.rank || a.offset - b.offset)) {
    if (kept.every((other) => hit.end <= other.offset || other.end <= hit.offset)) kept.push(hit);
  }
  return kept.sort((a, b) => a.offset - b.offset);
}
