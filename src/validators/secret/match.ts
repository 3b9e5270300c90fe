import { sha256Hex } from '../../core/digest.ts';
import type { Anchor } from './anchors.ts';
import { type Assigned, assignedValue } from './assignment.ts';
import { decodedAt } from './encoded.ts';
import { knownPublic } from './known-public.ts';
import { entropyOf, isPlaceholder } from './placeholder.ts';
import type { Confidence, Shape } from './shapes/shape.ts';

/** A credential at a place of a window of bytes. */
export interface Match {
  readonly shape: Shape;
  readonly rank: number;
  readonly confidence: Confidence;
  readonly secret: string;
  /** Offset in the window of the anchor, or of the name that the value is given to. */
  readonly from: number;
  /** Offsets in the window of what was matched. */
  readonly start: number;
  readonly end: number;
  /** Found where base64 was decoded. */
  readonly isEncoded?: true;
}

/** Some of a window of bytes, as Latin-1 text: that of a whole window is made for a few places in vain. */
export interface Excerpt {
  readonly text: string;
  /** Offset in the window of its first character. */
  readonly from: number;
}

/** Bytes before an anchor that a pattern, a name, or the base64 it stands in may reach back to. */
export const lookBehind = 128;

/**
 * The first shape of an anchor that fits where it stands, in the preference of shapes.
 * @param excerpt holds what is within {@link lookBehind} before and the anchor's reach from there on
 */
export function matchAt(
  { text: anchor, shapes, encoded }: Anchor,
  bytes: Uint8Array,
  excerpt: () => Excerpt,
  at: number,
): Match | undefined {
  if (shapes.length === 0) return undefined;
  if (encoded) return matchEncoded(shapes, encoded, excerpt(), at);
  const behind = at + anchor.length;
  let assigned: Assigned | undefined | null = null;
  for (const { shape, rank } of shapes) {
    if (shape.glance && !shape.glance(bytes, behind)) continue;
    if (shape.assigned && assigned === null) assigned = assignedValue(bytes, behind);
    const found = shape.assigned
      ? assigned && matchAssigned(shape, excerpt(), at, assigned)
      : matchToken(shape, excerpt(), at);
    if (found) return { ...found, shape, rank, from: at };
  }
  return undefined;
}

/** What stands there in base64, once decoded, under the same conditions. */
function matchEncoded(
  shapes: Anchor['shapes'],
  encoded: NonNullable<Anchor['encoded']>,
  { text, from }: Excerpt,
  at: number,
): Match | undefined {
  const { ahead, reach } = encoded;
  const decoded = decodedAt(text, at - from, encoded, reach + ahead);
  if (!decoded) return undefined;
  for (const { shape, rank } of shapes) {
    const found = matchToken(shape, { text: decoded.text, from: 0 }, decoded.at + ahead);
    if (!found) continue;
    const start = from + decoded.placeOf(found.start);
    const end = from + decoded.placeOf(found.end - 1) + 4;
    return { ...found, shape, rank, from: start, start, end, isEncoded: true };
  }
  return undefined;
}

type Found = Omit<Match, 'shape' | 'rank' | 'from'>;

function matchToken(shape: Shape, { text, from }: Excerpt, at: number): Found | undefined {
  shape.pattern.lastIndex = at - from;
  const match = shape.pattern.exec(text);
  return match ? judged(shape, match, '', at) : undefined;
}

function matchAssigned(
  shape: Shape,
  { text, from }: Excerpt,
  at: number,
  { start, end }: Assigned,
): Found | undefined {
  shape.pattern.lastIndex = 0;
  const match = shape.pattern.exec(text.slice(start - from, end - from));
  return match ? judged(shape, match, nameAround(text, at - from, start - from), start) : undefined;
}

function judged(
  shape: Shape,
  match: RegExpExecArray,
  name: string,
  start: number,
): Found | undefined {
  const secret = match.groups?.secret ?? match[0];
  if (shape.placeholders !== false && isPlaceholder(secret)) return undefined;
  if (shape.entropy !== undefined && entropyOf(secret) < shape.entropy) return undefined;
  const confidence = shape.judge ? shape.judge(match, name) : 'likely';
  if (confidence === undefined || knownPublic.has(hashSecret(secret))) return undefined;
  return { secret, confidence, start, end: start + match[0].length };
}

const wordBefore = /[\w.-]{0,60}$/;
const wordAfter = /^[\w.-]{0,40}/;

/** The name that a value is given to: what stands around the word that was found in it. */
function nameAround(text: string, at: number, valueStart: number): string {
  const before = wordBefore.exec(text.slice(Math.max(0, at - 60), at))?.[0] ?? '';
  const after = wordAfter.exec(text.slice(at, valueStart))?.[0] ?? '';
  return `${before}${after}`.replace(/[-_.]+$/, '');
}

/** First 12 hex digits. The same key text counts as the same value whether its line ends are real or escaped. */
export function hashSecret(secret: string): string {
  return sha256Hex(Buffer.from(secret.replace(/\\{1,2}[nr]|\s/g, ''), 'latin1')).slice(0, 12);
}
