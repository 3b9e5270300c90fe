import type { CheckContext } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { presenceOf } from './presence.ts';
import { type Content, type Reference, wantedText } from './reference.ts';

/** A reference whose object is there. */
export interface Followed<R extends Reference> {
  readonly reference: R;
  /** Empty when nothing is known of what is in the object. */
  readonly contents: readonly Content[];
}

/** Messages of the rules that follow references. */
export const missingObject = {
  'missing-object': '{{kind}} {{name}} is neither in the manifests nor in {{place}}',
} as const;

interface Outcome<R extends Reference> {
  readonly found: readonly Followed<R>[];
  /** One for each object that a cluster was asked for and does not have, where it is named first. */
  readonly missing: readonly Draft[];
}

/**
 * Looks every reference up. What cannot be told is said to be not examined, once for each object, unless
 * `unknown` is `silent`: for what a cluster has by other ways than releases, so that asking for it in
 * every run would say nothing.
 */
export function follow<R extends Reference>(
  { target, notExamined }: Pick<CheckContext<ManifestSet>, 'target' | 'notExamined'>,
  references: readonly R[],
  { unknown = 'said' }: { readonly unknown?: 'said' | 'silent' } = {},
): Outcome<R> {
  const found: Followed<R>[] = [];
  const missing = new Map<string, Draft>();
  const open = new Map<string, { readonly what: string; readonly why: string }>();
  for (const reference of references) {
    const { kind, name, from, path } = reference;
    const presence = presenceOf(target, reference);
    if (presence.state === 'found') {
      found.push({ reference, contents: presence.contents });
      continue;
    }
    const key = wantedText(reference);
    if (presence.state === 'unknown') {
      const what = `${kind} ${name}`;
      open.set(what, open.get(what) ?? { what, why: presence.why });
    } else if (!missing.has(key)) {
      const data = { kind, name, place: presence.place };
      missing.set(key, draftAt(from, path, 'missing-object', { data }));
    }
  }
  if (unknown === 'said') for (const { what, why } of open.values()) notExamined(what, why);
  return { found, missing: [...missing.values()] };
}
