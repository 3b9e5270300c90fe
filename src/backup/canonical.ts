import { type Digest, sha256 } from '../core/digest.ts';

/** SHA-256 over JSON whose keys are in order, so that equal values have equal digests. */
export function digestOf(value: unknown): Digest {
  return sha256(JSON.stringify(value, inOrder));
}

function inOrder(_: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
