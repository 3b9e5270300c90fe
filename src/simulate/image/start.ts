import type { KubeObject } from '../../adapters/kube/kube.ts';
import { Fault } from '../../core/fault.ts';
import type { FaultCode } from '../../core/fault-codes.ts';
import type { Attempt } from '../../probe/bench.ts';
import type { RunSettings } from '../../probe/settings.ts';
import { partAt, stringAt } from '../../validators/manifest/read.ts';
import { podSignals } from '../diagnose/pods.ts';
import type { Signal } from '../diagnose/signal.ts';
import type { CauseReason } from '../observation.ts';
import { orAborted, within } from '../until.ts';
import { viewOf } from '../world.ts';
import { podOf } from './pod.ts';
import { statusOf } from './state.ts';
import type { PodYard } from './yard.ts';

/** Milliseconds until the container of a pod has to run: a node is found, the image pulled. */
const placingMs = 300_000;
/** Milliseconds between two looks when nothing changes, so that graces run out. */
const lookMs = 500;

/** What keeps the container from being made says nothing about how the image runs; these are the user's to mend. */
const faultOf: Readonly<Partial<Record<CauseReason, FaultCode>>> = {
  'image-not-found': 'input-missing',
  'image-name': 'input-missing',
  'image-platform': 'image-unreadable',
  'image-denied': 'registry-denied',
  'image-pull': 'registry-unreachable',
};

/**
 * Makes a pod and waits until the kubelet has started its container, or has said why it cannot.
 * @throws Fault `input-missing`, `image-unreadable`, `registry-denied`, `registry-unreachable` for an image that the
 * node cannot have; `cluster-failed` when the pod is not let in or not placed; the signal's reason
 */
export async function startPod(settings: RunSettings, yard: PodYard): Promise<Attempt> {
  const { sandbox, image, request, signal } = yard;
  const { name: namespace, fieldManager } = sandbox.seen;
  const name = yard.nextName();
  const { reference, healthCheck } = image;
  const plan = { name, namespace, image: reference, request, settings, healthCheck };
  const made = await sandbox.kube.create(podOf(plan), { fieldManager }, signal);
  if (made.outcome === 'refused') {
    throw new Fault('cluster-failed', `the cluster takes no such pod: ${made.status.message}`);
  }
  try {
    const refused = await untilStarted(made.object.metadata.uid ?? '', yard);
    return { container: name, refused };
  } catch (error) {
    if (!signal.aborted) await removePod(name, yard);
    throw error;
  }
}

/** Milliseconds for the request; seconds until SIGKILL. */
const removeMs = 60_000;
const removeGraceSeconds = 1;

/** Asked for, not waited for: the namespace goes when all its pods have. */
export async function removePod(name: string, { sandbox }: PodYard): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Pod', name, namespace: sandbox.seen.name };
  const options = { gracePeriodSeconds: removeGraceSeconds };
  await sandbox.kube.remove(ref, options, AbortSignal.timeout(removeMs));
}

/** @returns the words of what could not start it; undefined when it was started */
async function untilStarted(uid: string, yard: PodYard): Promise<string | undefined> {
  const { world, clock, signal } = yard;
  const began = clock.monotonic();
  let last: { readonly signal: Signal; readonly since: number } | undefined;
  for (;;) {
    const change = world.changed();
    change.catch(() => undefined);
    const current = world.current();
    const pod = current.objects.get(uid);
    if (pod) {
      const start = startOf(pod);
      if (start) return start.refused;
      const [found] = podSignals(pod, viewOf(current));
      const isSame = last?.signal.cause.reason === found?.cause.reason;
      last = found && { signal: found, since: isSame && last ? last.since : clock.monotonic() };
      const hasFailed = stringAt(pod, 'status', 'phase') === 'Failed';
      if (last && (hasFailed || clock.monotonic() - last.since >= last.signal.graceMs)) {
        const { cause } = last.signal;
        if (cause.reason === 'container-config') return cause.detail;
        throw faultIn(last.signal, yard);
      }
    }
    if (clock.monotonic() - began >= placingMs) throw faultIn(last?.signal, yard);
    await within(lookMs, signal, (inTime) => orAborted(change, inTime));
  }
}

function startOf(pod: KubeObject): { readonly refused: string | undefined } | undefined {
  const status = statusOf(pod);
  if (partAt(status, 'state', 'running') !== undefined) return { refused: undefined };
  const end = partAt(status, 'state', 'terminated');
  if (end === undefined) return undefined;
  const isRefused = /^(StartError|ContainerCannotRun)$/.test(stringAt(end, 'reason') ?? '');
  return { refused: isRefused ? (stringAt(end, 'message') ?? 'it cannot be run') : undefined };
}

function faultIn(signal: Signal | undefined, { place, request }: PodYard): Fault {
  const reason = signal?.cause.reason;
  const code = (reason && faultOf[reason]) ?? 'cluster-failed';
  const said = signal?.cause.detail ?? 'nothing says why';
  return new Fault(code, `${place} does not start ${request.label}: ${said}`);
}
