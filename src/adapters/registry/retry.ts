/** Tries of one request, the first included. */
export const maxTries = 4;

/** Milliseconds before the second try; it doubles from try to try. */
const firstDelay = 400;
/** Milliseconds that a registry may ask us to wait; one that asks for more is given up. */
const longestDelay = 30_000;

/**
 * Milliseconds to wait before the next try; undefined when there should be none.
 * @param tries made so far
 * @param retryAfter the header: seconds or a date (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)
 * @param random 0 to 1, which spreads the tries of those who failed together
 */
export function retryDelay(
  tries: number,
  retryAfter: string | null,
  now: Date,
  random: number,
): number | undefined {
  if (tries >= maxTries) return undefined;
  const asked = askedDelay(retryAfter, now);
  if (asked !== undefined) return asked > longestDelay ? undefined : asked;
  return firstDelay * 2 ** (tries - 1) * (0.5 + random / 2);
}

function askedDelay(retryAfter: string | null, now: Date): number | undefined {
  if (retryAfter === null) return undefined;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  // JavaScript finds a date in many a text, '-5' among them.
  const date = /^[A-Z][a-z]+,? /.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

/** Too many requests, and every failure of the server's side but "not implemented". */
export function mayPass(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}
