/** Time as the rest of the program sees it; one of the two adapters that tests may replace. */
export interface Clock {
  /** Wall time. */
  now(): Date;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
}
