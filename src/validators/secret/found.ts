import { hashSecret, type Match } from './match.ts';
import type { Hit } from './scan.ts';

/** A hit before it is known which of those that share bytes is told. */
export interface Found extends Hit {
  readonly end: number;
  readonly endLine: number;
  readonly rank: number;
}

/** Of a match, what may be told of it: never the value. */
export function foundOf(match: Match, base: number): Omit<Found, 'line' | 'column' | 'endLine'> {
  const { shape, secret, confidence, rank, start, end } = match;
  const detail = shape.detail?.(secret);
  const title = match.isEncoded ? `${shape.title} in base64` : shape.title;
  return {
    shape: shape.id,
    title: detail === undefined ? title : `${title} ${detail}`,
    ...{ confidence, rank },
    offset: base + start,
    end: base + end,
    chosen: shape.chosen === true,
    masked: shape.chosen ? '…' : maskSecret(secret),
    valueHash: hashSecret(secret),
  };
}

/** The first four characters and an ellipsis, and never more than a third of the value. */
function maskSecret(secret: string): string {
  const text = secret.trimStart();
  return `${text.slice(0, Math.min(4, Math.floor(text.length / 3)))}…`;
}

/** Of hits that share bytes, the one whose shape says most: a token in a URL is a token. */
export function withoutOverlaps(found: readonly Found[]): readonly Found[] {
  const inOrder = [...found].sort((a, b) => a.offset - b.offset || a.rank - b.rank);
  const kept: Found[] = [];
  for (const hit of inOrder) {
    let better = true;
    while (better) {
      const last = kept.at(-1);
      if (!last || last.end <= hit.offset) break;
      if (last.rank <= hit.rank) better = false;
      else kept.pop();
    }
    if (better) kept.push(hit);
  }
  return kept;
}

/** Bytes within which an id and a secret belong together. */
const pairReach = 1000;

/** An id of AWS and a secret beside it speak for each other. */
export function withPairs(found: readonly Found[]): readonly Found[] {
  const [idShape, secretShape] = ['aws-access-key-id', 'aws-secret-access-key'];
  const near = (hit: Found, shape: string) =>
    found.some((one) => one.shape === shape && Math.abs(one.offset - hit.offset) <= pairReach);
  if (!found.some(({ shape }) => shape === secretShape)) return found;
  return found.map((hit): Found => {
    const other = hit.shape === idShape ? secretShape : hit.shape === secretShape ? idShape : '';
    if (other === '' || !near(hit, other)) return hit;
    const beside = hit.shape === idShape ? 'with its secret' : 'with its id';
    return { ...hit, confidence: 'verified', title: `${hit.title} ${beside}` };
  });
}
