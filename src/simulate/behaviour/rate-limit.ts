import { Agent } from 'node:http';
import { concurrently } from '../../core/concurrently.ts';
import { type Asking, ask } from './asking.ts';
import { askBypass } from './bypass.ts';
import type { RateLimitDeclared } from './declared.ts';
import type { RateLimitSeen } from './seen.ts';

/** Requests under way at once. */
const atOnce = 10;

/** Sends a tenth more than are let through, until one is limited or the time is over. */
export async function askRateLimit(
  { path, requests, withinMs, bypassHeaders = [] }: RateLimitDeclared,
  asking: Asking,
): Promise<RateLimitSeen> {
  const planned = requests + Math.ceil(requests / 10);
  const began = performance.now();
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const seen = { answered: 0, limited: false, retryAfter: null, error: null };
  const tally: { -readonly [K in keyof typeof seen]: RateLimitSeen[K] } = seen;
  try {
    await concurrently(Array.from({ length: planned }).keys().toArray(), atOnce, async () => {
      if (tally.limited || performance.now() - began >= withinMs) return;
      const kept = isTls(asking.origin) ? {} : { agent };
      const { status, headers, error } = await ask(asking, { path, ...kept });
      if (status === null) tally.error ??= error;
      else tally.answered += 1;
      if (status !== 429 || tally.limited) return;
      tally.limited = true;
      tally.retryAfter = headers['retry-after'] ?? null;
    });
  } finally {
    agent.destroy();
  }
  const durationMs = Math.round(performance.now() - began);
  const bypasses = tally.limited ? await askBypass(path, bypassHeaders, asking) : [];
  return { requests, withinMs, planned, ...tally, durationMs, bypasses };
}

const isTls = (origin: string) => origin.startsWith('https:');
