import { type JsonObject, objectsOf } from '../../core/json.ts';

/** Characters of one text that a document may bring; names, versions and reasons are shorter. */
const maxText = 2000;

/** A text that says something; longer ones are cut off, because they come from strangers. */
export function wordOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.slice(0, maxText).trim();
  return text === '' ? undefined : text;
}

export function wordsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.flatMap((entry: unknown) => wordOf(entry) ?? []) : [];
}

/** A moment as RFC 3339 has it; what tools write when they know none (the year 1) is none. */
export function momentOf(value: unknown): Date | null {
  const text = wordOf(value);
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  // Go prints nanoseconds, and some tools a zone by name behind the offset.
  const date = new Date(text.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1900 ? null : date;
}

export function latest(dates: readonly (Date | null)[]): Date | null {
  return dates.reduce((a, b) => (b && (!a || b > a) ? b : a), null);
}

/** `sha256:…`, from a digest or from something that ends in one, such as `repo/name@sha256:…`. */
export function digestIn(value: unknown): string | undefined {
  return /(?:^|[@/\s])(sha256:[0-9a-f]{64})$/.exec(wordOf(value) ?? '')?.[1];
}

/** Objects of a list that may be missing. */
export function each(value: unknown): readonly JsonObject[] {
  return objectsOf(value);
}
