import type { Position } from '../../../config/yaml-source.ts';
import { groupOf } from '../kind-key.ts';
import type { ManifestSet } from '../load.ts';
import { isKindItself, type Wanted } from './reference.ts';

/** What a person declared to exist outside of the manifests. */
export interface External {
  /** `Kind/name` or `Kind/namespace/name`; `*` stands for any text in a part. */
  readonly text: string;
  /** Where it was declared. */
  readonly place?: Partial<Position> & { readonly file: string };
}

type Named = Pick<Wanted, 'kind' | 'namespace' | 'name'>;
type Matches = (named: Named) => boolean;

const matchers = new Map<string, Matches>();

/** Whether a declaration covers the object. One with a namespace covers none whose namespace is open. */
export function covers({ text }: Pick<External, 'text'>, named: Named): boolean {
  const known = matchers.get(text) ?? matcherOf(text);
  matchers.set(text, known);
  return known(named);
}

/** Whether anything declared covers the object. */
export function isDeclared(
  { external = [] }: Pick<ManifestSet, 'external'>,
  named: Named,
): boolean {
  return external.some((entry) => covers(entry, named));
}

/** Whether a declaration covers what a reference means: an object, or the definition of a kind. */
export function answers(entry: External, wanted: Wanted): boolean {
  if (!isKindItself(wanted)) return covers(entry, wanted);
  const { kind } = definition;
  // Its plural is not known, so whatever is of the group may be it.
  const group = groupOf(wanted.apiVersion);
  const named = entry.text.startsWith(`${kind}/`) && entry.text.endsWith(`.${group}`);
  return named || covers(entry, { kind, namespace: null, name: `*.${group}` });
}

/** What defines a kind. */
export const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
} as const;

function matcherOf(text: string): Matches {
  const parts = text.split('/').map(globOf);
  const [kind, namespace, name] = parts.length > 2 ? parts : [parts[0], globOf('*'), parts[1]];
  return (named) =>
    [kind?.(named.kind), namespace?.(named.namespace), name?.(named.name)].every(Boolean);
}

function globOf(part: string): (text: string | null) => boolean {
  if (part === '*') return () => true;
  if (!part.includes('*')) return (text) => text === part;
  const pieces = part.split('*').map((piece) => piece.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(`^${pieces.join('.*')}$`, 's');
  return (text) => text !== null && pattern.test(text);
}
