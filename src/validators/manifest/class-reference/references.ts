import { objectsOf, objectsOfGroup } from '../kinds.ts';
import type { ManifestObject } from '../load.ts';
import { oncePerSet } from '../once-per-set.ts';
import { listAt, type Path } from '../read.ts';
import { namedAt, type Reference } from '../references/reference.ts';
import { podTemplates } from '../workloads.ts';

const apiVersions = {
  StorageClass: 'storage.k8s.io/v1',
  VolumeAttributesClass: 'storage.k8s.io/v1',
  IngressClass: 'networking.k8s.io/v1',
  PriorityClass: 'scheduling.k8s.io/v1',
  RuntimeClass: 'node.k8s.io/v1',
  GatewayClass: 'gateway.networking.k8s.io/v1',
} as const;

const classAt = (
  from: ManifestObject,
  kind: keyof typeof apiVersions,
  path: Path,
): readonly Reference[] =>
  namedAt(from, path, { apiVersion: apiVersions[kind], kind, namespace: null });

/** The classes that pods, claims, Ingresses and Gateways are of. */
export const classReferences = oncePerSet((set) => [
  ...podTemplates(set).flatMap(({ object, spec, specPath }) => [
    ...classAt(object, 'PriorityClass', [...specPath, 'priorityClassName']),
    ...classAt(object, 'RuntimeClass', [...specPath, 'runtimeClassName']),
    ...listAt(spec, 'volumes').flatMap((_, index) =>
      ofClaim(object, [...specPath, 'volumes', index, 'ephemeral', 'volumeClaimTemplate', 'spec']),
    ),
  ]),
  ...objectsOf(set, 'apps/v1', 'StatefulSet').flatMap((object) =>
    listAt(object.value, 'spec', 'volumeClaimTemplates').flatMap((_, index) =>
      ofClaim(object, ['spec', 'volumeClaimTemplates', index, 'spec']),
    ),
  ),
  ...objectsOf(set, 'v1', 'PersistentVolumeClaim').flatMap((object) => ofClaim(object, ['spec'])),
  ...objectsOfGroup(set, 'networking.k8s.io', 'Ingress').flatMap((object) =>
    classAt(object, 'IngressClass', ['spec', 'ingressClassName']),
  ),
  ...objectsOfGroup(set, 'gateway.networking.k8s.io', 'Gateway').flatMap((object) =>
    classAt(object, 'GatewayClass', ['spec', 'gatewayClassName']),
  ),
]);

/** A claim that names its volume binds by a class that need not exist. */
function ofClaim(from: ManifestObject, spec: Path): readonly Reference[] {
  if (namedAt(from, [...spec, 'volumeName'], { apiVersion: 'v1', kind: 'PersistentVolume' })[0]) {
    return [];
  }
  return [
    ...classAt(from, 'StorageClass', [...spec, 'storageClassName']),
    ...classAt(from, 'VolumeAttributesClass', [...spec, 'volumeAttributesClassName']),
  ];
}
