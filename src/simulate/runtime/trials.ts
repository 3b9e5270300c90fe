import type { Kube, KubeObject } from '../../adapters/kube/kube.ts';
import { concurrently } from '../../core/concurrently.ts';
import type { Tightening, TrialSeen } from '../../validators/runtime/observation.ts';
import { keepLogs } from '../evidence.ts';
import type { SimulateContext } from '../request.ts';
import { waitFor } from '../wait.ts';
import type { LiveWorld } from '../world.ts';
import { tightenedPod } from './tightened.ts';

export interface TrialContext extends SimulateContext {
  /** As the account of the sandbox, and as the person, who may read logs. */
  readonly kube: Kube;
  readonly user: Kube;
  readonly world: LiveWorld;
  readonly fieldManager: string;
  /** Milliseconds until a pod has to be ready. */
  readonly readyMs: number;
}

/** Milliseconds that a pod has to stay ready: what cannot write may notice late. */
const steadyMs = 3000;

/**
 * Starts a pod like another one with everything that is missing tightened and, when it does not become
 * ready, one for each tightening alone.
 * @param names one for each pod
 */
export async function tryTightenings(
  pod: KubeObject,
  missing: readonly Tightening[],
  names: () => string,
  context: TrialContext,
): Promise<TrialSeen[]> {
  if (missing.length === 0) return [];
  const together = await tryOne(pod, missing, names(), context);
  if (missing.length === 1 || together.works !== false) {
    return missing.map((setting) => ({ setting, ...together }));
  }
  return concurrently(missing, 2, async (setting) => {
    return { setting, ...(await tryOne(pod, [setting], names(), context)) };
  });
}

async function tryOne(
  pod: KubeObject,
  tightenings: readonly Tightening[],
  name: string,
  context: TrialContext,
): Promise<Omit<TrialSeen, 'setting'>> {
  const { kube, user, world, clock, signal, fieldManager, readyMs } = context;
  const wanted = tightenedPod(pod, name, tightenings);
  const { namespace = '' } = pod.metadata;
  const made = await kube.create(wanted, { fieldManager }, signal);
  if (made.outcome === 'refused') {
    return { works: null, why: `a pod to try it with is refused: ${made.status.message}` };
  }
  const { apiVersion, kind } = wanted;
  const id = { apiVersion, kind, namespace, name, file: null, line: null };
  try {
    const { ended, workloads } = await waitFor({
      awaited: [{ id, accepted: made.object }],
      ...{ world, clock, signal, steadyMs, deadlineMs: Math.max(readyMs, steadyMs) },
      onState: () => undefined,
    });
    if (ended === 'ready') return { works: true, why: '' };
    const causes = workloads.flatMap(({ cause }) => cause ?? []);
    const logs = await keepLogs(context, user, namespace, podsNamed(world, name), causes);
    const [last] = logs.values();
    const why = causes[0]?.detail ?? workloads[0]?.message ?? 'it did not become ready';
    return { works: false, why: last === undefined ? why : `${why}; its last line: ${last}` };
  } finally {
    const ref = { apiVersion, kind, name, namespace };
    await kube.remove(ref, { gracePeriodSeconds: 0 }, signal);
  }
}

function podsNamed(world: LiveWorld, name: string) {
  const pods = [...world.current().objects].filter(
    ([, object]) => object.kind === 'Pod' && object.metadata.name === name,
  );
  return { objects: new Map(pods) };
}
