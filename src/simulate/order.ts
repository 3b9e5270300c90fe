import { isRecord, recordAt } from '../validators/manifest/read.ts';

/** Kinds that others wait for come first; a kind not named comes with the ordinary ones. */
const waves: readonly (readonly string[])[] = [
  ['ServiceAccount', 'Secret', 'ConfigMap', 'LimitRange', 'ResourceQuota', 'Role'],
  ['RoleBinding', 'PersistentVolumeClaim', 'Service', 'NetworkPolicy', 'PodDisruptionBudget'],
  [],
  ['Pod', 'ReplicaSet', 'ReplicationController', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job'],
  ['CronJob', 'HorizontalPodAutoscaler', 'Ingress', 'HTTPRoute', 'GRPCRoute', 'TLSRoute'],
];
const ordinary = waves.findIndex((kinds) => kinds.length === 0);

/** The objects in waves: everything of one wave may be made at once. */
export function inWaves<T extends { readonly kind: string }>(objects: readonly T[]): T[][] {
  const byWave = waves.map((): T[] => []);
  for (const object of objects) {
    const wave = waves.findIndex((kinds) => kinds.includes(object.kind));
    byWave[wave === -1 ? ordinary : wave]?.push(object);
  }
  return byWave.filter((wave) => wave.length > 0);
}

/** JSON whose keys are sorted, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry)).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null';
  const entries = Object.keys(recordAt(value))
    .sort()
    .filter((key) => value[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${entries.join(',')}}`;
}
