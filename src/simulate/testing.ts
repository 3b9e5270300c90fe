import type { KubeObject } from '../adapters/kube/kube.ts';
import type { World } from './world.ts';

type Json = Readonly<Record<string, unknown>>;

/** An object of a sandbox, as a server gives it. */
export function live(
  kind: string,
  name: string,
  parts: { readonly spec?: Json; readonly status?: Json; readonly owner?: KubeObject } & Json = {},
): KubeObject {
  const { owner, ...rest } = parts;
  const uid = `uid-${kind}-${name}`;
  const ownerReferences = owner
    ? [{ kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid, controller: true }]
    : [];
  const metadata = { name, namespace: 'deploycheck-0123abcd', uid, generation: 1, ownerReferences };
  return { apiVersion: versions[kind] ?? 'v1', kind, metadata, ...rest };
}

const versions: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map((kind) => [kind, 'apps/v1']),
  ),
  Job: 'batch/v1',
  CronJob: 'batch/v1',
};

export function worldOf(...objects: readonly KubeObject[]): World {
  return { objects: new Map(objects.map((object) => [object.metadata.uid ?? '', object])) };
}

/** What is said about an object; a warning unless the type says otherwise. */
export function event(
  about: KubeObject,
  reason: string,
  message: string,
  { container, type = 'Warning' }: { container?: string; type?: string } = {},
): KubeObject {
  const fieldPath = container === undefined ? '' : `spec.containers{${container}}`;
  return live('Event', `${about.metadata.name}-${reason}-${message.length}`, {
    ...{ type, reason, message, count: 1, lastTimestamp: '2026-11-21T15:00:00Z' },
    involvedObject: { uid: about.metadata.uid, fieldPath },
  });
}

/** A Deployment of one replica whose controller has looked at it, its ReplicaSet, and a pod. */
export function deployed(pod: { readonly spec?: Json; readonly status?: Json }): {
  readonly deployment: KubeObject;
  readonly replicaSet: KubeObject;
  readonly pod: KubeObject;
  readonly all: readonly KubeObject[];
} {
  const status = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 0 };
  const deployment = live('Deployment', 'web', { spec: { replicas: 1 }, status });
  const replicaSet = live('ReplicaSet', 'web-1', { owner: deployment, spec: { replicas: 1 } });
  const own = live('Pod', 'web-1-a', { owner: replicaSet, ...pod });
  return { deployment, replicaSet, pod: own, all: [deployment, replicaSet, own] };
}
