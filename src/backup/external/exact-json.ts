import { Fault } from '../../core/fault.ts';

/**
 * Reads the JSON of a tool. Integers beyond 2^53 become their digits: a system identifier is one, and
 * rounding it would make two clusters equal.
 * @param who for messages: whose output it is
 * @throws Fault `tool-failed`
 */
export function exactJson(text: string, who: string): unknown {
  try {
    return JSON.parse(text, exactly);
  } catch (error) {
    throw new Fault('tool-failed', `${who} does not print JSON`, { cause: error });
  }
}

function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isInexact =
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  if (!isInexact) return value;
  const digits = context?.source ?? '';
  return /^-?\d+$/.test(digits) ? digits : value;
}

/** Digits of an identifier, whether the tool prints it as a number or as text; null for anything else. */
export function digitsOf(value: unknown): string | null {
  const isExact = typeof value === 'string' || Number.isSafeInteger(value);
  const text = isExact ? String(value) : '';
  return /^\d{1,20}$/.test(text) && !/^0+$/.test(text) ? text : null;
}

/** A count that can be believed; null for anything else. */
export const countOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;

/** ISO 8601 of seconds since 1970; null for what is no such number. */
export function secondsOf(value: unknown): string | null {
  return typeof value === 'number' && value > 0 && value < 8.64e12
    ? new Date(value * 1000).toISOString()
    : null;
}

/** ISO 8601 of a time in text that names its zone; null for anything else: a zone is never assumed. */
export function instantOf(value: unknown): string | null {
  if (typeof value !== 'string' || !/(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})$/.test(value.trim()))
    return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
