import { listAt, partAt, stringAt } from '../validators/manifest/read.ts';
import { containersOf, type PodTemplate } from './template.ts';

/** An object of the cluster that pods of a template cannot start without. */
export interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespaced: boolean;
  /** Of a ConfigMap or Secret; sorted. */
  readonly keys: readonly string[];
}

interface Named {
  readonly kind: string;
  readonly name: string;
  readonly key?: string | undefined;
}

/** Everything a template names, each object once. What is `optional` is left out. */
export function referencesOf(template: PodTemplate): Reference[] {
  const spec = partAt(template, 'spec');
  const found: Named[] = [
    ...containersOf(template).flatMap(({ value }) => [
      ...listAt(value, 'env').flatMap((entry) => [
        ...named('ConfigMap', entry, ['valueFrom', 'configMapKeyRef'], 'name', 'key'),
        ...named('Secret', entry, ['valueFrom', 'secretKeyRef'], 'name', 'key'),
      ]),
      ...listAt(value, 'envFrom').flatMap((entry) => [
        ...named('ConfigMap', entry, ['configMapRef'], 'name'),
        ...named('Secret', entry, ['secretRef'], 'name'),
      ]),
    ]),
    ...listAt(spec, 'volumes').flatMap(ofVolume),
    ...listAt(spec, 'imagePullSecrets').flatMap((entry) => named('Secret', entry, [], 'name')),
    ...named('ServiceAccount', spec, [], 'serviceAccountName'),
    ...named('PriorityClass', spec, [], 'priorityClassName'),
    ...named('RuntimeClass', spec, [], 'runtimeClassName'),
  ];
  const groups = Map.groupBy(found, ({ kind, name }) => `${kind} ${name}`);
  return [...groups.values()].flatMap(([first, ...more]) => {
    if (!first) return [];
    const keys = [first, ...more].flatMap(({ key }) => key ?? []);
    return [
      {
        ...(served[first.kind] ?? { apiVersion: 'v1', namespaced: true }),
        kind: first.kind,
        name: first.name,
        keys: [...new Set(keys)].sort(),
      },
    ];
  });
}

const served: Readonly<Record<string, { apiVersion: string; namespaced: boolean }>> = {
  PriorityClass: { apiVersion: 'scheduling.k8s.io/v1', namespaced: false },
  RuntimeClass: { apiVersion: 'node.k8s.io/v1', namespaced: false },
};

function named(
  kind: string,
  holder: unknown,
  path: readonly string[],
  nameField: string,
  keyField?: string,
): Named[] {
  const name = stringAt(holder, ...path, nameField);
  if (!name || partAt(holder, ...path, 'optional') === true) return [];
  const key = keyField === undefined ? undefined : stringAt(holder, ...path, keyField);
  return [{ kind, name, key }];
}

function ofVolume(volume: unknown): Named[] {
  const sources = listAt(volume, 'projected', 'sources');
  return [
    ...files('ConfigMap', volume, 'configMap', 'name'),
    ...files('Secret', volume, 'secret', 'secretName'),
    ...named('PersistentVolumeClaim', volume, ['persistentVolumeClaim'], 'claimName'),
    ...sources.flatMap((source) => [
      ...files('ConfigMap', source, 'configMap', 'name'),
      ...files('Secret', source, 'secret', 'name'),
    ]),
  ];
}

/** A volume takes the keys listed in `items`, or all there are. */
function files(kind: string, holder: unknown, field: string, nameField: string): Named[] {
  return named(kind, holder, [field], nameField).flatMap((whole) => [
    whole,
    ...listAt(holder, field, 'items').map((item) => ({ ...whole, key: stringAt(item, 'key') })),
  ]);
}
