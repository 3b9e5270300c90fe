import type { Check } from '../../core/check.ts';
import { type CheckRun, runChecks } from '../../core/engine.ts';
import type { Target } from '../../core/target.ts';
import { base62Checksum } from './proof/base62-checksum.ts';

/** Runs one rule on one target through the engine. */
export async function examine<T extends Target>(
  check: Check<T>,
  target: T,
  options: Readonly<Record<string, unknown>> = {},
): Promise<CheckRun> {
  return runChecks({
    // The engine hands a check only targets of the kind it applies to.
    checks: [check as unknown as Check],
    targets: [target],
    signal: new AbortController().signal,
    clock: { now: () => new Date(0), monotonic: () => 0 },
    evidence: { add: () => Promise.reject(new Error('these rules leave no evidence')) },
    settings: { [check.id]: { options } },
  });
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Characters without a pattern, always the same: samples must not look like anyone's secret. */
export function noise(length: number, characters = alphabet, seed = 1): string {
  let state = seed;
  return Array.from({ length }, () => {
    // The constants of Numerical Recipes' linear congruential generator.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return characters[Math.floor((state / 2 ** 32) * characters.length)];
  }).join('');
}

/** A token of GitHub's or npm's form whose checksum holds. */
export function checksummedToken(prefix: string, seed = 1): string {
  const body = noise(30, alphabet, seed);
  return `${prefix}${body}${base62Checksum(body)}`;
}
