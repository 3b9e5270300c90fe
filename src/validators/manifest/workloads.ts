import type { ManifestObject } from './load.ts';
import { oncePerSet } from './once-per-set.ts';
import {
  intOrStringAt,
  isRecord,
  listAt,
  type Path,
  partAt,
  recordAt,
  stringAt,
  stringsAt,
} from './read.ts';
import type { Labels } from './selectors.ts';

/** A container of a pod, with the path from its object. */
export interface Container {
  readonly list: 'containers' | 'initContainers' | 'ephemeralContainers';
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly path: Path;
  /** True for what runs as long as the pod: not for init containers that end before it starts. */
  readonly longRunning: boolean;
}

/** The pods an object makes: a Pod itself, or the template of a workload. */
export interface PodTemplate {
  readonly object: ManifestObject;
  /** From the object to the pod's `metadata` and `spec`. */
  readonly path: Path;
  readonly labels: Labels;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly specPath: Path;
  readonly containers: readonly Container[];
}

const templatePaths: Readonly<Record<string, Path>> = {
  'v1/Pod': [],
  'v1/ReplicationController': ['spec', 'template'],
  'apps/v1/Deployment': ['spec', 'template'],
  'apps/v1/StatefulSet': ['spec', 'template'],
  'apps/v1/DaemonSet': ['spec', 'template'],
  'apps/v1/ReplicaSet': ['spec', 'template'],
  'batch/v1/Job': ['spec', 'template'],
  'batch/v1/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
};

const containerLists = ['containers', 'initContainers', 'ephemeralContainers'] as const;

/** The pods that the objects of a set make; worked out once, for every rule asks. */
export const podTemplates = oncePerSet(({ objects }): readonly PodTemplate[] =>
  objects.flatMap((object) => podTemplateOf(object) ?? []),
);

/** Undefined for objects that make no pods, and for those whose template is missing. */
export function podTemplateOf(object: ManifestObject): PodTemplate | undefined {
  const path = templatePaths[`${object.apiVersion}/${object.kind}`];
  if (!path || !isRecord(partAt(object.value, ...path, 'spec'))) return undefined;
  const specPath = [...path, 'spec'];
  return {
    object,
    path,
    labels: stringsAt(object.value, ...path, 'metadata', 'labels'),
    spec: recordAt(object.value, ...specPath),
    specPath,
    containers: containerLists.flatMap((list) =>
      listAt(object.value, ...specPath, list).flatMap((value, index) =>
        isRecord(value) ? [containerOf(list, value, [...specPath, list, index])] : [],
      ),
    ),
  };
}

function containerOf(
  list: Container['list'],
  value: Readonly<Record<string, unknown>>,
  path: Path,
): Container {
  // https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
  const sidecar = list === 'initContainers' && stringAt(value, 'restartPolicy') === 'Always';
  const name = stringAt(value, 'name') ?? '';
  return { list, name, value, path, longRunning: list === 'containers' || sidecar };
}

export interface ContainerPort {
  readonly name: string | undefined;
  /** NaN when the manifest gives no number; manifest/schema says so, and the name still counts. */
  readonly number: number;
  readonly protocol: string;
}

/** The ports a container declares. Declaring one opens nothing, but it is what names refer to. */
export function portsOf(container: Container): ContainerPort[] {
  return listAt(container.value, 'ports').map((port) => ({
    name: stringAt(port, 'name'),
    number: Number(intOrStringAt(port, 'containerPort')),
    protocol: stringAt(port, 'protocol') ?? 'TCP',
  }));
}

/** Whether the pods of the template come and go, so that nobody waits for them to be ready. */
export function runsToCompletion({ object, spec }: PodTemplate): boolean {
  if (object.kind === 'Pod') return (stringAt(spec, 'restartPolicy') ?? 'Always') !== 'Always';
  return object.kind === 'Job' || object.kind === 'CronJob';
}

/** Pods whose `spec.os.name` says so have none of the Linux security fields. */
export function isWindows(template: PodTemplate): boolean {
  return stringAt(template.spec, 'os', 'name') === 'windows';
}

export function isKind(object: ManifestObject, apiVersion: string, kind: string): boolean {
  return object.apiVersion === apiVersion && object.kind === kind;
}

/**
 * Whether two objects can end up in one namespace. An object that names none goes to the namespace
 * of whoever applies it, which may be the other's.
 */
export function mayShareNamespace(
  a: { readonly namespace: string | null },
  b: { readonly namespace: string | null },
): boolean {
  return a.namespace === b.namespace || a.namespace === null || b.namespace === null;
}
