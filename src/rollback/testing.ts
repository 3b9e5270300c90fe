import type { KubeObject } from '../adapters/kube/object.ts';
import type { WorkloadObjects } from './workload.ts';

/** Objects as the API server gives them, short of what nothing here reads. */

export const owner = 'uid-web';

export const podTemplate = (version: number) => ({
  metadata: { labels: { app: 'web' } },
  spec: {
    containers: [
      { name: 'web', image: `registry.example/web:${version}`, imagePullPolicy: 'IfNotPresent' },
    ],
  },
});

interface ReplicaSetPlan {
  readonly revision: number;
  readonly version: number;
  readonly created: string;
  readonly available?: number;
  readonly history?: string;
  readonly cause?: string;
}

export function replicaSet(plan: ReplicaSetPlan): KubeObject {
  const { revision, version, created, available = 0, history, cause } = plan;
  const template = podTemplate(version);
  const hash = `hash${version}`;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `web-${hash}`,
      namespace: 'shop',
      uid: `uid-rs-${version}`,
      creationTimestamp: created,
      annotations: {
        'deployment.kubernetes.io/revision': String(revision),
        ...(history && { 'deployment.kubernetes.io/revision-history': history }),
        ...(cause && { 'kubernetes.io/change-cause': cause }),
      },
      ownerReferences: [{ kind: 'Deployment', name: 'web', uid: owner, controller: true }],
    },
    spec: {
      template: {
        ...template,
        metadata: {
          creationTimestamp: null,
          labels: { ...template.metadata.labels, 'pod-template-hash': hash },
        },
      },
    },
    status: available > 0 ? { replicas: available, availableReplicas: available } : { replicas: 0 },
  };
}

interface DeploymentPlan {
  readonly version: number;
  readonly availableSince?: string;
  /** Reason of the condition Progressing. */
  readonly progress?: string;
  readonly progressAt?: string;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

export function deployment(plan: DeploymentPlan): KubeObject {
  const { version, availableSince, progress = 'NewReplicaSetAvailable' } = plan;
  const progressAt = plan.progressAt ?? '2026-01-03T00:01:00Z';
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: owner,
      generation: 3,
      resourceVersion: '77',
      annotations: {},
    },
    spec: {
      replicas: 3,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: { app: 'web' } },
      template: podTemplate(version),
      ...plan.spec,
    },
    status: {
      observedGeneration: 3,
      replicas: 3,
      updatedReplicas: 3,
      availableReplicas: 3,
      ...plan.status,
      conditions: [
        { type: 'Progressing', status: 'True', reason: progress, lastUpdateTime: progressAt },
        ...(availableSince
          ? [{ type: 'Available', status: 'True', lastTransitionTime: availableSince }]
          : []),
      ],
    },
  };
}

export function controllerRevision(kind: string, revision: number, version: number): KubeObject {
  const hash = `hash${version}`;
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `web-${hash}`,
      uid: `uid-cr-${version}`,
      creationTimestamp: `2026-01-0${version}T00:00:00Z`,
      labels: { app: 'web', 'controller-revision-hash': hash },
      ownerReferences: [{ kind, name: 'web', uid: owner, controller: true }],
    },
    revision,
    data: { spec: { template: { ...podTemplate(version), $patch: 'replace' } } },
  };
}

interface PodPlan {
  readonly name?: string;
  readonly revision?: string;
  readonly ready?: boolean;
  readonly created?: string;
  readonly readyAt?: string;
  readonly restarts?: number;
  readonly deleting?: boolean;
}

export function pod(plan: PodPlan = {}): KubeObject {
  const { name = 'web-0', revision, ready = true, restarts = 0, deleting } = plan;
  const readyAt = plan.readyAt ?? '2026-01-03T00:00:05Z';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      uid: `uid-${name}`,
      creationTimestamp: plan.created ?? '2026-01-03T00:00:00Z',
      ...(deleting && { deletionTimestamp: '2026-01-03T00:10:00Z' }),
      ...(revision && { labels: { 'controller-revision-hash': revision } }),
    },
    status: {
      conditions: [
        { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: readyAt },
      ],
      containerStatuses: [
        { name: 'web', restartCount: restarts, imageID: 'registry.example/web@sha256:aa' },
      ],
    },
  };
}

export function objectsOf(
  workload: KubeObject,
  histories: readonly KubeObject[],
  pods: readonly KubeObject[] = [],
): WorkloadObjects {
  return { workload, histories, pods, autoscaler: null };
}
