import type { Kube, KubeObject } from '../adapters/kube/kube.ts';
import { concurrently } from '../core/concurrently.ts';
import { Fault } from '../core/fault.ts';
import { recordAt } from '../validators/manifest/read.ts';
import type { Accepted } from './apply.ts';
import { changesOf, unrewritten, withoutAbandoned } from './diff.ts';
import type { ObjectDiff } from './observation.ts';
import type { PlannedObject } from './plan.ts';

/** An object of the target as it is; `unknown` when it may not be read. */
type Live = KubeObject | 'none' | 'unknown';

/** What each accepted object would change about the target, which is only read. */
export async function compareLive(
  kube: Kube,
  accepted: readonly Accepted[],
  mode: 'sandbox' | 'live',
  signal: AbortSignal,
): Promise<ObjectDiff[]> {
  return concurrently(accepted, 8, async ({ planned, object }): Promise<ObjectDiff> => {
    const live = await liveOf(kube, planned, signal);
    if (live === 'unknown') return { object: planned.id, change: 'unknown', fields: [] };
    if (live === 'none') return { object: planned.id, change: 'created', fields: [] };
    const wanted =
      mode === 'sandbox'
        ? restored(object, planned)
        : withoutAbandoned(object, live, planned.original);
    const fields = changesOf(live, wanted);
    return { object: planned.id, change: fields.length > 0 ? 'changed' : 'unchanged', fields };
  });
}

function restored(answer: KubeObject, { original, object }: PlannedObject): KubeObject {
  const { apiVersion, kind, metadata } = answer;
  return { ...recordAt(unrewritten(answer, original, object)), apiVersion, kind, metadata };
}

async function liveOf(kube: Kube, { original }: PlannedObject, signal: AbortSignal): Promise<Live> {
  const { apiVersion, kind, metadata } = original;
  const { name, namespace } = metadata;
  try {
    const ref = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
    return (await kube.get(ref, signal)) ?? 'none';
  } catch (error) {
    if (error instanceof Fault && error.code === 'cluster-denied') return 'unknown';
    throw error;
  }
}

/**
 * The manager that server-side apply knows the object by: under its name the dry run also drops what
 * the release no longer has. Ours when there is none.
 */
export async function managerOf(
  kube: Kube,
  planned: PlannedObject,
  otherwise: string,
  signal: AbortSignal,
): Promise<string> {
  const live = await liveOf(kube, planned, signal);
  if (typeof live === 'string') return otherwise;
  const entries = live.metadata.managedFields;
  const own = (Array.isArray(entries) ? entries : []).find(
    (entry) => recordAt(entry).operation === 'Apply' && recordAt(entry).subresource === undefined,
  );
  const manager = recordAt(own).manager;
  return typeof manager === 'string' ? manager : otherwise;
}
