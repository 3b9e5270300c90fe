import { redactionMark } from '../../core/redact.ts';

/** Shorter values are too common in ordinary text to be replaced everywhere. */
const shortest = 4;

/**
 * What hides a Secret's values in a message of the server, which quotes what it could not accept:
 * as they were sent, and decoded. Other kinds are left as they are.
 */
export function concealerOf(sent: Readonly<Record<string, unknown>>): (text: string) => string {
  if (sent.kind !== 'Secret') return (text) => text;
  const values = [...secretValues(sent)]
    .filter((value) => value.length >= shortest)
    .sort((a, b) => b.length - a.length);
  return (text) => values.reduce((said, value) => said.replaceAll(value, redactionMark), text);
}

function* secretValues(sent: Readonly<Record<string, unknown>>): Generator<string> {
  for (const [field, value] of Object.entries(sent)) {
    if (['apiVersion', 'kind', 'metadata', 'type', 'immutable'].includes(field)) continue;
    for (const leaf of leaves(value)) {
      yield leaf;
      yield Buffer.from(leaf, 'base64').toString('utf8');
    }
  }
}

function* leaves(value: unknown): Generator<string> {
  if (value === null || value === undefined) return;
  if (typeof value === 'object') for (const entry of Object.values(value)) yield* leaves(entry);
  else yield String(value);
}
