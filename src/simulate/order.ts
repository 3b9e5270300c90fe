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
