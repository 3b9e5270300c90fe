import { listAt, type Path, partAt, stringAt } from './read.ts';
import type { PodTemplate } from './workloads.ts';

/** A ConfigMap or Secret, or a key of it, that pods are made with. */
export interface Reference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** Undefined when the object is used as a whole. */
  readonly key: string | undefined;
  readonly optional: boolean;
  /** From the object that refers, to the key or else to the name. */
  readonly path: Path;
}

/** In the order of the pod's specification. */
export function referencesOf(template: PodTemplate): Reference[] {
  const ofContainers = template.containers.flatMap(({ value, path }) => [
    ...listAt(value, 'env').flatMap((entry, index) => {
      const at = [...path, 'env', index, 'valueFrom'];
      return [
        ...keyReference('ConfigMap', partAt(entry, 'valueFrom'), at, 'configMapKeyRef'),
        ...keyReference('Secret', partAt(entry, 'valueFrom'), at, 'secretKeyRef'),
      ];
    }),
    ...listAt(value, 'envFrom').flatMap((entry, index) => {
      const at = [...path, 'envFrom', index];
      return [
        ...wholeReference('ConfigMap', entry, at, 'configMapRef'),
        ...wholeReference('Secret', entry, at, 'secretRef'),
      ];
    }),
  ]);
  const ofVolumes = listAt(template.spec, 'volumes').flatMap((volume, index) => {
    const at = [...template.specPath, 'volumes', index];
    const projected = listAt(volume, 'projected', 'sources').flatMap((source, place) => {
      const sourceAt = [...at, 'projected', 'sources', place];
      return [
        ...fileReferences('ConfigMap', source, sourceAt, 'configMap'),
        ...fileReferences('Secret', source, sourceAt, 'secret'),
      ];
    });
    return [
      ...fileReferences('ConfigMap', volume, at, 'configMap'),
      ...fileReferences('Secret', volume, at, 'secret', 'secretName'),
      ...projected,
    ];
  });
  return [...ofContainers, ...ofVolumes];
}

/** `configMapKeyRef` and `secretKeyRef` of an environment variable. */
function keyReference(
  kind: Reference['kind'],
  holder: unknown,
  at: Path,
  field: string,
): Reference[] {
  return wholeReference(kind, holder, at, field).map((reference) => ({
    ...reference,
    key: stringAt(holder, field, 'key'),
    path: [...at, field, 'key'],
  }));
}

function wholeReference(
  kind: Reference['kind'],
  holder: unknown,
  at: Path,
  field: string,
  nameField = 'name',
): Reference[] {
  const name = stringAt(holder, field, nameField);
  if (!name) return [];
  const optional = partAt(holder, field, 'optional') === true;
  return [{ kind, name, key: undefined, optional, path: [...at, field, nameField] }];
}

/** A volume takes the keys listed in `items`, or all there are. */
function fileReferences(
  kind: Reference['kind'],
  holder: unknown,
  at: Path,
  field: string,
  nameField = 'name',
): Reference[] {
  return wholeReference(kind, holder, at, field, nameField).flatMap((reference) => [
    reference,
    ...listAt(holder, field, 'items').map((item, index) => ({
      ...reference,
      key: stringAt(item, 'key'),
      path: [...at, field, 'items', index, 'key'],
    })),
  ]);
}
