import { objectsOf } from './kinds.ts';
import type { ManifestObject, ManifestSet } from './load.ts';
import { listAt, type Path, partAt, stringAt, stringsAt } from './read.ts';

/** One path of an Ingress. */
export interface IngressPath {
  /** Lower case; empty for every host. */
  readonly host: string;
  /** `/` where none is written. */
  readonly value: string;
  readonly type: string;
  readonly backend: unknown;
  readonly path: Path;
}

export function ingressesOf(set: ManifestSet): readonly ManifestObject[] {
  return objectsOf(set, 'networking.k8s.io/v1', 'Ingress');
}

/** The class, or the annotation that came before it; empty for the default of the cluster. */
export function ingressClass({ value }: ManifestObject): string {
  return (
    stringAt(value, 'spec', 'ingressClassName') ??
    stringAt(value, 'metadata', 'annotations', 'kubernetes.io/ingress.class') ??
    ''
  );
}

export function annotationsOf({ value }: ManifestObject): ReadonlyMap<string, string> {
  return stringsAt(value, 'metadata', 'annotations');
}

export function pathsOf({ value }: ManifestObject): IngressPath[] {
  return listAt(value, 'spec', 'rules').flatMap((rule, index) =>
    listAt(rule, 'http', 'paths').map((entry, place) => ({
      host: (stringAt(rule, 'host') ?? '').toLowerCase(),
      value: stringAt(entry, 'path') || '/',
      type: stringAt(entry, 'pathType') ?? '',
      backend: partAt(entry, 'backend'),
      path: ['spec', 'rules', index, 'http', 'paths', place],
    })),
  );
}
