import { setTimeout as delay } from 'node:timers/promises';
import type { KindRef, Kube, KubeObject, SelectOptions } from '../adapters/kube/kube.ts';

/**
 * Waits until an object is as wanted.
 * @param wanted looks at each state of each object
 * @throws Fault `cluster-unreachable`; the signal's reason, which is also the only deadline
 */
export async function untilSeen(
  kube: Kube,
  kind: KindRef,
  options: SelectOptions,
  wanted: (object: KubeObject) => boolean,
  signal: AbortSignal,
): Promise<void> {
  for await (const event of kube.watch(kind, options, signal)) {
    if (event.type !== 'synced' && event.type !== 'deleted' && wanted(event.object)) return;
  }
}

/** Waits until no object is left of those selected. */
export async function untilNone(
  kube: Kube,
  kind: KindRef,
  options: SelectOptions,
  signal: AbortSignal,
): Promise<void> {
  const left = new Set<unknown>();
  let synced = false;
  for await (const event of kube.watch(kind, options, signal)) {
    if (event.type === 'synced') synced = true;
    else if (event.type === 'deleted') left.delete(event.object.metadata.uid);
    else left.add(event.object.metadata.uid);
    if (synced && left.size === 0) return;
  }
}

/**
 * What an operation says or, when it takes too long, undefined.
 * @throws the outer signal's reason, and what the operation throws
 */
export async function within<T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(ms)));
  try {
    return await work(AbortSignal.any([signal, deadline]));
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) return undefined;
    throw error;
  }
}

/** @throws the signal's reason */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

/** What a promise says, unless the signal ends the waiting before. @throws the signal's reason */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
