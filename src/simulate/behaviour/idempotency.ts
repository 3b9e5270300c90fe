import { randomUUID } from 'node:crypto';
import { type Asking, ask, bearer, isGood } from './asking.ts';
import type { IdempotencyDeclared } from './declared.ts';
import type { IdempotencySeen } from './seen.ts';
import { variants } from './variants.ts';

/** Sends a request twice under one key, then another under the same key. */
export async function askIdempotency(
  { path, method = 'POST', header = 'Idempotency-Key', body, token }: IdempotencyDeclared,
  asking: Asking,
): Promise<IdempotencySeen> {
  const send = async (key: string, content: unknown) => {
    const headers = { 'content-type': 'application/json', [header]: key, ...bearer(token) };
    return ask(asking, { path, method, headers, body: JSON.stringify(content) });
  };
  const key = randomUUID();
  const none = { again: null, sameBody: null, otherAlone: null, otherReused: null };
  const first = await send(key, body);
  const begun = { method, header, first: first.status, ...none, error: first.error };
  if (!isGood(first.status)) return begun;

  const again = await send(key, body);
  const sameBody = again.status === null ? null : again.body === first.body;
  const twice = { ...begun, again: again.status, sameBody, error: again.error };
  if (!isGood(again.status)) return twice;

  // A body that is refused in itself would make the refusal under the first key say nothing.
  let otherAlone: number | null = null;
  for (const other of variants(body)) {
    const alone = await send(randomUUID(), other);
    otherAlone = alone.status;
    if (alone.error !== null) return { ...twice, error: alone.error };
    if (!isGood(otherAlone)) continue;
    const reused = await send(key, other);
    return { ...twice, otherAlone, otherReused: reused.status, error: reused.error };
  }
  return { ...twice, otherAlone };
}
