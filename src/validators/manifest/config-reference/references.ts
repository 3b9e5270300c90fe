import { objectsOf } from '../kinds.ts';
import type { ManifestObject } from '../load.ts';
import { oncePerSet } from '../once-per-set.ts';
import { listAt, type Path, partAt, stringAt } from '../read.ts';
import { namedAt, type Reference } from '../references/reference.ts';
import { type PodTemplate, podTemplates } from '../workloads.ts';

/** A ConfigMap or Secret, or a key of it, that pods cannot be made without. */
export interface ConfigReference extends Reference {
  /** Undefined when the object is used as a whole. */
  readonly key: string | undefined;
}

type Kind = 'ConfigMap' | 'Secret';

/**
 * Of every pod of the set, in the order of its specification, and what its ServiceAccount adds to it; what
 * is `optional` is left out.
 */
export const configReferences = oncePerSet((set) => [
  ...podTemplates(set).flatMap(referencesOf),
  ...objectsOf(set, 'v1', 'ServiceAccount').flatMap((from) => pullSecrets(from, [])),
]);

function referencesOf(template: PodTemplate): ConfigReference[] {
  const { object: from, spec, specPath } = template;
  const ofContainers = template.containers.flatMap(({ value, path }) => [
    ...listAt(value, 'env').flatMap((_, index) => {
      const at = [...path, 'env', index, 'valueFrom'];
      return [
        ...keyReference(from, 'ConfigMap', [...at, 'configMapKeyRef']),
        ...keyReference(from, 'Secret', [...at, 'secretKeyRef']),
      ];
    }),
    ...listAt(value, 'envFrom').flatMap((_, index) => {
      const at = [...path, 'envFrom', index];
      return [
        ...whole(from, 'ConfigMap', [...at, 'configMapRef']),
        ...whole(from, 'Secret', [...at, 'secretRef']),
      ];
    }),
  ]);
  const ofVolumes = listAt(spec, 'volumes').flatMap((_, index) =>
    ofVolume(from, [...specPath, 'volumes', index]),
  );
  return [...ofContainers, ...ofVolumes, ...pullSecrets(from, specPath)];
}

function pullSecrets(from: ManifestObject, at: Path): ConfigReference[] {
  return listAt(from.value, ...at, 'imagePullSecrets').flatMap((_, index) =>
    whole(from, 'Secret', [...at, 'imagePullSecrets', index]),
  );
}

/** Drivers that are given a Secret of the pod's namespace: the field of the volume, and where it names it. */
const drivers: readonly Path[] = [
  ['csi', 'nodePublishSecretRef', 'name'],
  ['azureFile', 'secretName'],
  ['cephfs', 'secretRef', 'name'],
  ['cinder', 'secretRef', 'name'],
  ['flexVolume', 'secretRef', 'name'],
  ['iscsi', 'secretRef', 'name'],
  ['rbd', 'secretRef', 'name'],
  ['scaleIO', 'secretRef', 'name'],
  ['storageos', 'secretRef', 'name'],
];

function ofVolume(from: ManifestObject, at: Path): ConfigReference[] {
  const projected = listAt(from.value, ...at, 'projected', 'sources').flatMap((_, place) => {
    const source = [...at, 'projected', 'sources', place];
    return [
      ...files(from, 'ConfigMap', [...source, 'configMap']),
      ...files(from, 'Secret', [...source, 'secret']),
    ];
  });
  return [
    ...files(from, 'ConfigMap', [...at, 'configMap']),
    ...files(from, 'Secret', [...at, 'secret'], 'secretName'),
    ...projected,
    ...drivers.flatMap((path) =>
      namedAt(from, [...at, ...path], { apiVersion: 'v1', kind: 'Secret' }).map(wholly),
    ),
  ];
}

const wholly = (reference: Reference): ConfigReference => ({ ...reference, key: undefined });

/** `configMapKeyRef` and `secretKeyRef` of an environment variable. */
function keyReference(from: ManifestObject, kind: Kind, at: Path): ConfigReference[] {
  const path = [...at, 'key'];
  const key = stringAt(from.value, ...path);
  return whole(from, kind, at).map((reference) => ({ ...reference, key, path }));
}

function whole(from: ManifestObject, kind: Kind, at: Path, nameField = 'name'): ConfigReference[] {
  if (partAt(from.value, ...at, 'optional') === true) return [];
  return namedAt(from, [...at, nameField], { apiVersion: 'v1', kind }).map(wholly);
}

/** A volume takes the keys listed in `items`, or all there are. */
function files(from: ManifestObject, kind: Kind, at: Path, nameField = 'name'): ConfigReference[] {
  return whole(from, kind, at, nameField).flatMap((reference) => [
    reference,
    ...listAt(from.value, ...at, 'items').map((item, index) => ({
      ...reference,
      key: stringAt(item, 'key'),
      path: [...at, 'items', index, 'key'],
    })),
  ]);
}
