import type { Fix } from '../../../core/finding.ts';
import { inQuotes, renamed, withoutQuotes } from '../fix.ts';
import type { ManifestObject } from '../load.ts';
import { partAt } from '../read.ts';
import type { Violation } from './walk.ts';

/** What mends a violation where there is one way to: no server takes the object as it is. */
export function fixOf(
  object: ManifestObject,
  { messageId, path, data }: Pick<Violation, 'path' | 'data'> & { readonly messageId: string },
): Fix | undefined {
  const value = partAt(object.value, ...path);
  if (messageId === 'unknown-field') {
    const meant = /; did you mean (\w+)\?$/.exec(data.hint ?? '')?.[1];
    if (meant === undefined) return undefined;
    const isFree = partAt(object.value, ...path.slice(0, -1), meant) === undefined;
    return isFree ? renamed(object, path, meant) : undefined;
  }
  if (messageId !== 'wrong-type') return undefined;
  if (data.expected === 'a string') {
    return typeof value === 'number' || typeof value === 'boolean'
      ? inQuotes(object, path)
      : undefined;
  }
  if (typeof value !== 'string') return undefined;
  const isMeant = data.expected === 'true or false' ? /^(?:true|false)$/ : /^-?\d+$/;
  return ['true or false', 'an integer', 'a number'].includes(data.expected ?? '') &&
    isMeant.test(value)
    ? withoutQuotes(object, path)
    : undefined;
}
