import type { Kube, Written } from '../adapters/kube/kube.ts';
import type { KubeObject } from '../adapters/kube/object.ts';
import { canonicalDigest } from '../core/canonical.ts';
import type { Digest } from '../core/digest.ts';
import { partAt, recordAt } from '../validators/manifest/read.ts';
import type { KnownRevision } from './history.ts';

type Operation = Readonly<Record<string, unknown>>;

const cause = 'kubernetes.io/change-cause';
const causePath = '/metadata/annotations/kubernetes.io~1change-cause';

/**
 * The template of the target, and nothing else of the object, on the condition that it is the object
 * that was looked at. The note of why a revision was made goes with its template.
 */
export function rollbackPatch(
  { metadata }: KubeObject,
  { podTemplate, changeCause }: Pick<KnownRevision, 'podTemplate' | 'changeCause'>,
): Operation[] {
  const noted = metadata.annotations?.[cause];
  const note: Operation[] =
    changeCause !== null && metadata.annotations !== undefined
      ? [{ op: 'add', path: causePath, value: changeCause }]
      : changeCause === null && noted !== undefined
        ? [{ op: 'remove', path: causePath }]
        : [];
  return [
    { op: 'test', path: '/metadata/uid', value: metadata.uid },
    { op: 'test', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
    { op: 'replace', path: '/spec/template', value: podTemplate },
    ...note,
  ];
}

/** Of everything a person decided on, replicas left out: an autoscaler changes those at any time. */
export function specDigest(workload: KubeObject): Digest {
  const { replicas: _, ...spec } = recordAt(workload, 'spec');
  return canonicalDigest({ uid: workload.metadata.uid, spec });
}

export type Sent =
  | { readonly sent: true; readonly written: Written }
  /** Somebody changed the object since it was looked at. */
  | { readonly sent: false };

/** The status of a failing workload changes all the time, and with it the resource version. */
const attempts = 8;

/**
 * Sends the patch. A change of the status in between is no reason to stop, a change of the spec is.
 */
export async function sendPatch(
  kube: Kube,
  seen: KubeObject,
  target: KnownRevision,
  options: { readonly dryRun: boolean },
  signal: AbortSignal,
): Promise<Sent> {
  const { apiVersion, kind, metadata } = seen;
  const { name, namespace } = metadata;
  const ref = { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
  let current: KubeObject | undefined = seen;
  for (let attempt = 1; ; attempt++) {
    if (current === undefined || specDigest(current) !== specDigest(seen)) return { sent: false };
    const body = rollbackPatch(current, target);
    const written = await kube.patch(ref, { type: 'json', body }, options, signal);
    if (written.outcome === 'ok' || attempt === attempts) return { sent: true, written };
    const version: unknown = partAt(current, 'metadata', 'resourceVersion');
    current = await kube.get(ref, signal);
    // Refused for what it says and not for what happened in between.
    if (current?.metadata.resourceVersion === version) return { sent: true, written };
  }
}
