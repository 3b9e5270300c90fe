import { type AllowList, allowedBy } from './allow/allow-list.ts';
import { type Anchor, anchorSearch } from './anchors.ts';
import { maxInVain } from './encoded.ts';
import { type FileShape, fileShapeFor, matchesInFile } from './file-shapes.ts';
import { type Found, foundOf, withoutOverlaps, withPairs } from './found.ts';
import { createKeyRing, withCertificate } from './key-pairs.ts';
import { findKeywords } from './keyword-search.ts';
import { type Breaks, countBreaks, type LineFinder, lineAround, lineFinder } from './lines.ts';
import { type Excerpt, lookBehind, type Match, matchAt } from './match.ts';
import type { Certificate } from './proof/certificate-pair.ts';
import type { Confidence } from './shapes/shape.ts';
import { createNarrower } from './utf16.ts';

/** One credential found. Holds no more of it than four characters. */
export interface Hit {
  /** Id in the table of shapes. */
  readonly shape: string;
  readonly title: string;
  readonly confidence: Confidence;
  /** Bytes from the start of the stream to the start of the match. */
  readonly offset: number;
  /** From 1; null in a binary file. */
  readonly line: number | null;
  /** In bytes, of UTF-16 in characters, from 1; null in a binary file. */
  readonly column: number | null;
  readonly masked: string;
  /** Whether a person chose the value, so that it may be weak. */
  readonly chosen: boolean;
  /** First 12 hex digits of the value's SHA-256: tells two secrets apart without showing either. */
  readonly valueHash: string;
  /** Of a private key without a certificate in the file: the SHA-256 of its public half. */
  readonly publicKey?: string;
  /** What allows it: a comment on its line, or the place of an allow list among those that were given. */
  readonly allowed?: 'comment' | number;
}

export interface ScanOptions {
  /** Of the file, `/` between names; what only a name tells is looked for when it is given. */
  readonly path?: string;
  /** When given, these and the comment `gitleaks:allow` mark what they allow. */
  readonly allow?: readonly AllowList[];
  /** The commit that brought the bytes, for lists that name commits. */
  readonly commit?: string;
}

export interface ScanResult {
  readonly hits: readonly Hit[];
  /** Hits beyond the cap that are not in `hits`, and places beyond what is decoded in vain. */
  readonly leftOut: number;
  /** Certificates that a key in another file may belong to. */
  readonly certificates?: readonly Certificate[];
  /** Places of allow lists of which a pattern was stopped because it took too long. */
  readonly slow?: readonly number[];
}

export interface Scanner {
  /** The chunk may be reused by the caller afterwards. */
  feed(chunk: Uint8Array): void;
  /** @param last the last bytes, or all of them: a small file is scanned where it lies */
  end(last?: Uint8Array): ScanResult;
}

/** More than this many in one file say the same thing again. */
const maxHits = 50;

/** Matches remembered before overlapping ones are sorted out; bounds what hostile text makes us keep. */
const maxMatches = 2000;

/** A file with a NUL byte among its first bytes is binary; git draws the same line. */
const textProbe = 8000;

/** What a file is read for whose name says what it holds; such files are small. */
const maxNamedFile = 1024 * 1024;

interface Candidate {
  readonly anchor: Anchor;
  /** Offset in the stream of the anchor's first byte. */
  readonly start: number;
}

/** Lines with a comment that allows; more than this many say nothing about a file. */
const maxAllowLines = 10_000;

/**
 * Scans one stream of bytes. Keeps what a pending candidate still needs, at most the longest reach
 * of a shape, so the memory used does not grow with the stream; the result does not depend on how
 * the bytes are cut into chunks.
 */
export function createScanner({ path, allow, commit }: ScanOptions = {}): Scanner {
  const { anchors, table } = anchorSearch();
  const named = path === undefined ? undefined : fileShapeFor(path);
  let binary = false;
  /** The last bytes seen, and where in the stream they begin. */
  let kept: Uint8Array = new Uint8Array(0);
  let base = 0;
  let breaks: Breaks = { before: 0, last: -1 };
  let pending: Candidate[] = [];
  const found: Found[] = [];
  const ring = createKeyRing();
  const narrow = createNarrower();
  let leftOut = 0;
  let inVain = 0;
  const allowLines = new Set<number>();
  const slow = new Set<number>();
  let whole: Buffer[] = [];
  let wholeSize = 0;

  const keep = (match: Match, lines: LineFinder, text: string): void => {
    if (found.length === maxMatches) {
      leftOut++;
      return;
    }
    const { shape, secret, start, end } = match;
    const publicKey = ring.keyOf(shape, secret);
    const { before, last } = lines(start);
    const endLine = before + 1 + (text.slice(start, end).split('\n').length - 1);
    const question = () => ({
      ...{ shape, secret, path: path ?? '' },
      match: text.slice(match.from, end),
      line: lineAround(text, match.from, end),
      ...(commit !== undefined && { commit }),
    });
    const list = allow && allow.length > 0 ? allowedBy(allow, question(), slow) : -1;
    found.push({
      ...foundOf(match, base),
      endLine,
      line: before + 1,
      column: base + start - last,
      ...(publicKey !== undefined && { publicKey }),
      ...(list !== -1 && { allowed: list }),
    });
  };

  /**
   * Judges the candidates whose reach has been read (all of them at the end), in the order of the
   * stream so that the cap cuts the same ones whatever the chunks.
   */
  const settle = (held: Buffer, ended: boolean): void => {
    const total = base + held.length;
    const waits = ({ anchor, start }: Candidate) => !ended && start + anchor.reach > total;
    const firstWaiting = pending.findIndex(waits);
    const ready = firstWaiting === -1 ? pending : pending.slice(0, firstWaiting);
    const text = once(() => held.toString('latin1'));
    const lines = lineFinder(held, base, breaks);
    const excerpts = excerptsOf(held);
    for (const { anchor, start } of ready) {
      // Inside of what was found already a shape that says less has nothing to add.
      const last = found.at(-1);
      if (last && start < last.end && last.rank <= (anchor.shapes[0]?.rank ?? -1)) continue;
      const at = start - base;
      if (inVain > maxInVain && anchor.encoded) {
        if (anchor.shapes.length > 0) leftOut++;
        continue;
      }
      const match = matchAt(anchor, held, () => excerpts(at, anchor.reach), at);
      if (anchor.encoded && !match) inVain += anchor.reach;
      if (match) keep(match, lines, text());
      else if (anchor.role === 'certificate') ring.note(anchor, text(), at);
      else if (allow && anchor.role === 'allow' && allowLines.size < maxAllowLines) {
        allowLines.add(lines(at).before + 1);
      }
    }
    pending = firstWaiting === -1 ? [] : pending.slice(firstWaiting);
  };

  /** Drops bytes that nobody needs any more. */
  const drop = (held: Buffer): void => {
    // Candidates come in the order of their anchors' ends: a later one may start a little earlier.
    const oldest = (pending[0]?.start ?? base + held.length) - table.longest;
    const count = Math.max(0, oldest - lookBehind - base);
    if (!binary) breaks = countBreaks(held, 0, count, base, breaks);
    kept = new Uint8Array(held.subarray(count));
    base += count;
  };

  /** Looks for anchors that end in the bytes just read; gives them with what is kept of those before. */
  const take = (chunk: Uint8Array): Buffer => {
    const chunkStart = base + kept.length;
    binary ||= chunkStart < textProbe && chunk.subarray(0, textProbe - chunkStart).includes(0);
    if (named && wholeSize <= maxNamedFile) {
      whole.push(Buffer.from(chunk));
      wholeSize += chunk.length;
    }
    const held = joined(kept, chunk);
    findKeywords(table, held, kept.length, (index, end) => {
      const anchor = anchors[index];
      if (anchor) pending.push({ anchor, start: base + end - anchor.text.length });
    });
    return held;
  };

  const readAsNamed = (shape: FileShape): void => {
    const held = Buffer.concat(whole);
    whole = [];
    base = 0;
    const text = held.toString('latin1');
    const lines = lineFinder(held, 0, { before: 0, last: -1 });
    for (const match of matchesInFile(shape, text)) keep(match, lines, text);
  };

  return {
    feed(bytes) {
      const held = take(narrow(bytes));
      settle(held, false);
      drop(held);
    },
    end(bytes = new Uint8Array(0)) {
      settle(take(narrow(bytes)), true);
      if (named && wholeSize <= maxNamedFile && !binary) readAsNamed(named);
      const { certificates } = ring;
      const here = certificates.map((one) => ({ ...one, place: 'in the same file' }));
      const sorted = withPairs(withoutOverlaps(found)).map((one) => withCertificate(one, here));
      const isAllowed = ({ line, endLine }: Found) =>
        allowLines.size > 0 && [...allowLines].some((one) => one >= (line ?? 0) && one <= endLine);
      const hits = sorted.slice(0, maxHits).map((one) => {
        const { end: _, rank: __, endLine: ___, ...hit } = one;
        if (binary) return { ...hit, line: null, column: null };
        return isAllowed(one) ? { ...hit, allowed: 'comment' as const } : hit;
      });
      const left = leftOut + sorted.length - hits.length;
      return {
        ...{ hits, leftOut: left },
        ...(certificates.length > 0 && { certificates }),
        ...(slow.size > 0 && { slow: [...slow] }),
      };
    },
  };
}

/** Characters of an excerpt at least: where one anchor stands there are often more. */
const leastExcerpt = 1024;

/** Gives excerpts for places that come almost in the order of the text. */
function excerptsOf(held: Buffer): (at: number, reach: number) => Excerpt {
  let last: Excerpt = { text: '', from: 0 };
  return (at, reach) => {
    const from = Math.max(0, at - lookBehind);
    const to = Math.min(held.length, at + reach);
    if (from < last.from || to > last.from + last.text.length) {
      last = { text: held.toString('latin1', from, Math.max(to, from + leastExcerpt)), from };
    }
    return last;
  };
}

/** Used again and again, because new memory for each piece of a large file takes longer than the copy. */
let joint = Buffer.alloc(0);

/** Both in a row; valid until the next call. A copy only where there is something to join. */
function joined(kept: Uint8Array, chunk: Uint8Array): Buffer {
  if (kept.length === 0) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  const size = kept.length + chunk.length;
  if (joint.length < size) joint = Buffer.allocUnsafeSlow(size);
  joint.set(kept);
  joint.set(chunk, kept.length);
  return joint.subarray(0, size);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Scans text or bytes that are at hand. */
export function scanBytes(content: string | Uint8Array, options: ScanOptions = {}): ScanResult {
  return createScanner(options).end(typeof content === 'string' ? Buffer.from(content) : content);
}
