import type { KubeObject } from '../adapters/kube/kube.ts';
import type { ObjectRef } from '../core/finding.ts';
import { numberAt, partAt, stringAt } from '../validators/manifest/read.ts';
import type { ObjectId } from './observation.ts';
import type { ReleaseObject } from './request.ts';

/** `Deployment/shop`, as people write it. */
export function objectText({
  kind,
  name,
}: {
  readonly kind: string;
  readonly name: string;
}): string {
  return `${kind}/${name}`;
}

export function idOf({ value, file, line }: ReleaseObject): ObjectId {
  return {
    apiVersion: stringAt(value, 'apiVersion') ?? '',
    kind: stringAt(value, 'kind') ?? '',
    namespace: stringAt(value, 'metadata', 'namespace') ?? null,
    name: stringAt(value, 'metadata', 'name') ?? stringAt(value, 'metadata', 'generateName') ?? '',
    file,
    line,
  };
}

/** The object as a finding names it. */
export function refOf({ apiVersion, kind, namespace, name }: ObjectId): ObjectRef {
  return { apiVersion, kind, namespace, name };
}

/** Where a finding about an object stands: its manifest, when it comes from a file. */
export function placeOf({ file, line }: ObjectId): { file?: string; line?: number } {
  return { ...(file === null ? {} : { file }), ...(line === null ? {} : { line }) };
}

/** `apps` of `apps/v1`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

/** From a workload to the spec of its pods; undefined for kinds that make none. */
export function podSpecPath(kind: string): readonly string[] | undefined {
  if (kind === 'Pod') return ['spec'];
  if (kind === 'CronJob') return ['spec', 'jobTemplate', 'spec', 'template', 'spec'];
  return makesPods.has(kind) ? ['spec', 'template', 'spec'] : undefined;
}

const makesPods = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
]);

/** How many pods a workload asks for; one where the field is missing. */
export function replicasOf(object: KubeObject | Readonly<Record<string, unknown>>): number {
  return numberAt(object, 'spec', 'replicas') ?? 1;
}

export function isTrueCondition(object: unknown, type: string): boolean {
  return conditionOf(object, type)?.status === 'True';
}

export interface Condition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** The generation it was set for, where it says so. */
  readonly observedGeneration: number | undefined;
}

export function conditionOf(object: unknown, type: string): Condition | undefined {
  const conditions = partAt(object, 'status', 'conditions');
  if (!Array.isArray(conditions)) return undefined;
  const found = conditions.find((condition) => stringAt(condition, 'type') === type);
  if (found === undefined) return undefined;
  return {
    status: stringAt(found, 'status') ?? '',
    reason: stringAt(found, 'reason') ?? '',
    message: stringAt(found, 'message') ?? '',
    observedGeneration: numberAt(found, 'observedGeneration'),
  };
}
