import type { Kube } from '../adapters/kube/kube.ts';
import type { Clock } from '../core/clock.ts';
import { concurrently } from '../core/concurrently.ts';
import { blockersOf } from './blockers.ts';
import { managedBy, marks, parseLabelTime } from './identity.ts';
import type { Removal } from './observed-parts.ts';
import { listed } from './target-namespace.ts';
import { untilNone, within } from './until.ts';

const namespaceKind = { apiVersion: 'v1', kind: 'Namespace' } as const;

/** Seconds that a container of the sandbox gets to end. */
const podGraceSeconds = 1;
/** A namespace that was made for a simulation, and by whom. */
export interface OwnedNamespace {
  readonly name: string;
  /** Value of the label `deploycheck.dev/run`. */
  readonly run: string;
}

/**
 * Deletes a temporary namespace and waits until it is gone. Nothing is touched unless it carries the
 * label of that run; the deletion names its uid, so that another one of that name is safe.
 * @param deadlineMs until what holds it is named instead; finalizers are never removed
 */
export async function removeNamespace(
  kube: Kube,
  { name, run }: OwnedNamespace,
  { deadlineMs, clock }: { readonly deadlineMs: number; readonly clock: Clock },
  signal: AbortSignal,
): Promise<Removal> {
  const began = clock.monotonic();
  const result = (state: Removal['state'], rest: Partial<Removal> = {}): Removal => ({
    state,
    durationMs: Math.round(clock.monotonic() - began),
    blockers: [],
    volumesKept: [],
    ...rest,
  });
  const namespace = await kube.get({ ...namespaceKind, name }, signal);
  if (namespace === undefined) return result('removed');
  if (namespace.metadata.labels?.[marks.run] !== run) return result('foreign');

  const uid = namespace.metadata.uid ?? '';
  const asked = await kube.remove({ ...namespaceKind, name }, { uid }, signal);
  if (asked.outcome === 'refused' && ![404, 409].includes(asked.status.code)) {
    const blocker = { object: `Namespace/${name}`, finalizers: [], owner: asked.status.message };
    return result('blocked', { blockers: [blocker] });
  }
  const left = deadlineMs - (clock.monotonic() - began);
  const gone = await within(left, signal, async (inTime) => {
    const options = { fieldSelector: `metadata.name=${name}` };
    await endPods(kube, name, inTime);
    await untilNone(kube, namespaceKind, options, inTime);
    return true;
  });
  const volumesKept = await volumesOf(kube, name, signal);
  if (gone) return result('removed', { volumesKept });
  return result('blocked', { volumesKept, blockers: await blockersOf(kube, name, signal) });
}

/**
 * The namespace controller gives a deletion five seconds to be known everywhere, then waits for half of
 * a pod's grace period before it looks again. Pods that are gone by then cost no time; new ones cannot
 * come into a namespace that is going.
 */
async function endPods(kube: Kube, namespace: string, signal: AbortSignal): Promise<void> {
  const pods = await listed(kube, { apiVersion: 'v1', kind: 'Pod' }, namespace, signal);
  await concurrently(pods, 8, ({ apiVersion, kind, metadata: { name, uid } }) =>
    kube.remove(
      { apiVersion, kind, name, namespace },
      { ...(uid === undefined ? {} : { uid }), gracePeriodSeconds: podGraceSeconds },
      signal,
    ),
  );
}

/** Volumes that were bound in the namespace and are still there, by policy or for a moment. */
async function volumesOf(kube: Kube, namespace: string, signal: AbortSignal): Promise<string[]> {
  const volumes = await listed(
    kube,
    { apiVersion: 'v1', kind: 'PersistentVolume' },
    undefined,
    signal,
  ).catch(() => []);
  return volumes
    .filter((volume) => {
      const spec = volume.spec;
      const claim = typeof spec === 'object' && spec && 'claimRef' in spec ? spec.claimRef : null;
      const held = typeof claim === 'object' && claim && 'namespace' in claim && claim.namespace;
      const policy = typeof spec === 'object' && spec && 'persistentVolumeReclaimPolicy' in spec;
      return held === namespace && policy && spec.persistentVolumeReclaimPolicy === 'Retain';
    })
    .map(({ metadata }) => metadata.name);
}

export interface Found extends OwnedNamespace {
  /** Undefined when its label cannot be read. */
  readonly expires: Date | undefined;
}

/** The namespaces of the cluster that simulations have made. */
export async function sandboxesIn(kube: Kube, signal: AbortSignal): Promise<Found[]> {
  const labelSelector = `${marks.managedBy}=${managedBy},${marks.run}`;
  const found: Found[] = [];
  for await (const { metadata } of kube.list(namespaceKind, { labelSelector }, signal)) {
    const run = metadata.labels?.[marks.run];
    if (run === undefined || !/^deploycheck-[0-9a-f]{8}$/.test(metadata.name)) continue;
    const expires = parseLabelTime(metadata.labels?.[marks.expires] ?? '');
    found.push({ name: metadata.name, run, expires });
  }
  return found;
}
