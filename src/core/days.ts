const dayMs = 86_400_000;

/** Days of 24 hours that are over; below zero for what lies ahead. */
export function wholeDays(milliseconds: number): number {
  return Math.floor(milliseconds / dayMs);
}
