import { groupOf } from '../kind-key.ts';
import type { ManifestObject } from '../load.ts';
import { type Path, stringAt } from '../read.ts';

/** An object that is meant by its name. */
export interface Wanted {
  /** With one of the versions of its group. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Null for kinds without, and where whoever applies the manifests chooses. */
  readonly namespace: string | null;
  readonly name: string;
}

/** Whether a kind is meant and none of its objects: whoever needs its definition cannot name it. */
export const isKindItself = ({ name }: Wanted): boolean => name === '';

/** Where an object of the set means another one that it cannot do without. */
export interface Reference extends Wanted {
  readonly from: ManifestObject;
  /** From the object that refers, to where it names the other. */
  readonly path: Path;
}

/** What is known of an object: the manifest, or what was kept of a live one. */
export type Content = Readonly<Record<string, unknown>>;

/** The same for all versions of a group, which are views of one stored object. */
export function kindText({ apiVersion, kind }: Pick<Wanted, 'apiVersion' | 'kind'>): string {
  return `${groupOf(apiVersion)} ${kind}`;
}

/** One text for each object that can be meant. */
export function wantedText(wanted: Wanted): string {
  return `${kindText(wanted)} ${wanted.namespace ?? ''} ${wanted.name}`;
}

/** The reference whose name stands at a path of an object; none where no text stands there. */
export function namedAt(
  from: ManifestObject,
  path: Path,
  {
    apiVersion,
    kind,
    namespace = from.namespace,
  }: Omit<Wanted, 'name' | 'namespace'> & {
    /** That of the object that refers when not given. */
    readonly namespace?: string | null;
  },
): Reference[] {
  const name = stringAt(from.value, ...path);
  return name ? [{ apiVersion, kind, namespace, name, from, path }] : [];
}
