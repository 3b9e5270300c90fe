import type { Kube } from '../adapters/kube/kube.ts';
import type { KubeObject } from '../adapters/kube/object.ts';
import { Fault } from '../core/fault.ts';

/** What is watched, by UID, and how to know when it changed. */
export interface Followed {
  readonly workload: () => KubeObject | undefined;
  readonly pods: () => readonly KubeObject[];
  readonly slices: () => readonly KubeObject[];
}

export interface FollowOptions {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** Selects the pods. */
  readonly selector: string;
}

/** The answer, or how many milliseconds from now to ask again though nothing changed. */
export type Judgement<T> = { readonly answer: T } | { readonly againInMs: number } | undefined;

/**
 * Watches a workload, its pods and the endpoints of the namespace, and asks `judge` whenever one of them
 * has changed, from when all three are known.
 * @returns what `judge` gave first
 * @throws what {@link Kube.watch} throws; the signal's reason
 */
export async function follow<T>(
  kube: Kube,
  { kind, name, namespace, selector }: FollowOptions,
  judge: (seen: Followed) => Judgement<T>,
  signal: AbortSignal,
): Promise<T> {
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  const answer = Promise.withResolvers<T>();
  const over = Promise.withResolvers<void>();
  const known = {
    workload: new Map(),
    pods: new Map(),
    slices: new Map(),
  } as const satisfies Record<string, Map<string, KubeObject>>;
  const waiting = new Set<string>(Object.keys(known));
  const seen: Followed = {
    workload: () => known.workload.values().next().value,
    pods: () => [...known.pods.values()],
    slices: () => [...known.slices.values()],
  };
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    if (waiting.size > 0 || ending.signal.aborted) return;
    clearTimeout(timer);
    const judged = judge(seen);
    if (judged === undefined) return;
    if ('answer' in judged) answer.resolve(judged.answer);
    else timer = setTimeout(look, judged.againInMs);
  };
  const watched = [
    ['workload', { apiVersion: 'apps/v1', kind }, { fieldSelector: `metadata.name=${name}` }],
    ['pods', { apiVersion: 'v1', kind: 'Pod' }, { labelSelector: selector }],
    ['slices', { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' }, {}],
  ] as const;
  const watches = watched.map(async ([what, ref, options]) => {
    const objects: Map<string, KubeObject> = known[what];
    try {
      for await (const event of kube.watch(ref, { namespace, ...options }, either)) {
        if (event.type === 'synced') waiting.delete(what);
        else if (event.type === 'deleted') objects.delete(event.object.metadata.uid ?? '');
        else objects.set(event.object.metadata.uid ?? '', event.object);
        look();
      }
    } catch (error) {
      const denied = error instanceof Fault && error.code === 'cluster-denied';
      if (what !== 'slices' || !denied) throw error;
      // Whoever may change workloads need not be allowed to see endpoints.
      waiting.delete(what);
      look();
      await over.promise;
    }
  });
  const failed = Promise.all(watches).then(() => {
    throw new Error('a watch without end ended');
  });
  try {
    return await Promise.race([answer.promise, failed]);
  } finally {
    ending.abort();
    over.resolve();
    clearTimeout(timer);
    await Promise.allSettled(watches);
    failed.catch(() => undefined);
  }
}
