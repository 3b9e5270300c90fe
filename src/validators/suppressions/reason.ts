import { endOf } from '../../core/suppress.ts';

/** Why a suppression is there, and how long. */
export interface Reason {
  readonly reason: string;
  readonly until: string | null;
}

/** `until` and a word that begins with a digit, at the end of a reason. */
const ending = /(?:^|[\s;,([]+)until\s+(\d[^\s\])]*)[\])]?\s*$/i;

/**
 * Reads `REASON`, or `REASON until DATE`; before `until` there may be a semicolon, and brackets around it.
 * @returns the word that should be a date and is none, when there is one
 */
export function readReason(text: string): Reason | { readonly badDate: string } {
  const match = ending.exec(text);
  const date = match?.[1];
  if (!match || date === undefined) return { reason: text.trim(), until: null };
  if (endOf(date) === undefined) return { badDate: date };
  return { reason: text.slice(0, match.index).trim(), until: date };
}
