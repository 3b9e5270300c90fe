/** Milliseconds since 1970 of an instant of the record. */
export function epoch(instant: string): number {
  return Date.parse(instant);
}

/** 9999-12-31T23:59:59.999Z, the last instant that ISO 8601 writes with four digits for the year. */
const lastInstant = 253_402_300_799_999;

/** The instant `durationMs` later, at most the year 9999. */
export function instantAfter(instant: string, durationMs: number): string {
  return new Date(Math.min(epoch(instant) + durationMs, lastInstant)).toISOString();
}

/** `2026-03-02 14:05:06 UTC`: sortable, unambiguous, without fractions no person reads. */
export function instantText(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;
}
