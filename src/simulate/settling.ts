import type { KubeObject } from '../adapters/kube/kube.ts';
import { listAt, numberAt, partAt, stringAt } from '../validators/manifest/read.ts';
import type { View } from './world.ts';

/** Something that went wrong a moment ago: what looks ready may go down again. */
export interface Settling {
  /** Of this one event: the next has another. */
  readonly key: string;
  /** Milliseconds that have to pass quietly. */
  readonly ms: number;
  /** For a person. */
  readonly why: string;
}

const settleMs = 20_000;

/** Why the pods of a ready workload are not to be trusted yet. */
export function settlingOf(object: KubeObject, view: View): Settling[] {
  // A Job that is complete stays so.
  if (object.kind === 'Job') return [];
  return view.podsOf(object).flatMap((pod) => {
    const { uid, deletionTimestamp } = pod.metadata;
    const phase = stringAt(pod, 'status', 'phase');
    if (phase === 'Succeeded' || deletionTimestamp !== undefined) return [];
    if (phase === 'Failed') {
      return [{ key: `${uid}/failed`, ms: settleMs, why: 'one just failed' }];
    }
    return listAt(pod, 'status', 'containerStatuses').flatMap((status) => [
      ...down(pod, status),
      ...upAgain(pod, status),
      ...shaken(pod, status, view),
    ]);
  });
}

const instanceOf = (pod: KubeObject, status: unknown): string =>
  `${pod.metadata.uid}/${stringAt(status, 'name')}/${numberAt(status, 'restartCount') ?? 0}`;

/** The status of a workload comes later than the one of its pods. */
function down(pod: KubeObject, status: unknown): Settling[] {
  const runs = partAt(status, 'state', 'running') !== undefined;
  if (runs) return [];
  return [
    {
      key: `${instanceOf(pod, status)}/down`,
      ms: Number.POSITIVE_INFINITY,
      why: 'one does not run',
    },
  ];
}

function upAgain(pod: KubeObject, status: unknown): Settling[] {
  const runs = partAt(status, 'state', 'running') !== undefined;
  if (!runs || (numberAt(status, 'restartCount') ?? 0) === 0) return [];
  return [{ key: instanceOf(pod, status), ms: settleMs, why: 'one just restarted' }];
}

/** A container counts as ready while its liveness probe fails, and while it is ended for that. */
function shaken(pod: KubeObject, status: unknown, view: View): Settling[] {
  const began = stringAt(status, 'state', 'running', 'startedAt');
  const name = stringAt(status, 'name');
  if (began === undefined) return [];
  const own = view
    .eventsAbout(pod)
    .filter(({ fieldPath, last }) => fieldPath.includes(`{${name}}`) && last >= began);
  const found: Settling[] = [];
  const key = instanceOf(pod, status);
  if (own.some(({ message }) => message.startsWith('Liveness probe failed'))) {
    const ms = patienceMs(pod, name);
    found.push({ key: `${key}/liveness`, ms, why: 'a liveness probe just failed' });
  }
  if (own.some(({ reason, message }) => reason === 'Killing' && message.includes('liveness'))) {
    const graceMs = 1000 * (numberAt(pod, 'spec', 'terminationGracePeriodSeconds') ?? 30);
    found.push({ key: `${key}/killing`, ms: graceMs + settleMs, why: 'one is being restarted' });
  }
  return found;
}

/** Milliseconds from the first failure of a liveness probe until it has either given up or recovered. */
function patienceMs(pod: KubeObject, name: string | undefined): number {
  const spec = listAt(pod, 'spec', 'containers').find((entry) => stringAt(entry, 'name') === name);
  const seconds = (field: string, otherwise: number) =>
    numberAt(spec, 'livenessProbe', field) ?? otherwise;
  return 1000 * seconds('periodSeconds', 10) * (seconds('failureThreshold', 3) + 1);
}
