import type { Check } from '../../core/check.ts';
import type { Draft } from '../../core/finding.ts';
import { nearest } from '../../core/suggest.ts';
import { hasEnded, type Suppression } from '../../core/suppress.ts';

/** The rule that speaks of suppressions; nothing suppresses what it says. */
export const suppressionRule = 'manifest/suppression';

/** Whether anything may suppress what a rule finds. */
export function isSuppressible({ id, meta }: Pick<Check, 'id' | 'meta'>): boolean {
  return (meta.waivable !== false || meta.suppressible === true) && id !== suppressionRule;
}

/** What a suppression says wrong by itself, whatever was found. */
export function problemsOf(
  suppression: Suppression,
  rules: ReadonlyMap<string, Check>,
  now: Date,
): readonly Draft[] {
  const { name, rule, until, object } = suppression;
  const say = (messageId: string, data: Readonly<Record<string, string>> = {}): Draft => ({
    messageId,
    data: { what: name, rule, ...data },
    location: suppression.where(),
    ...(object && { object }),
  });
  const known = rules.get(rule);
  if (!known) return [say('unknown-rule', { hint: hintFor(rule, [...rules.keys()]) })];
  if (!isSuppressible(known)) return [say('never')];
  if (until !== null && hasEnded(suppression, now)) {
    return [{ ...say('expired', { until }), severity: 'warning' }];
  }
  return [];
}

/** The rule that was meant, when one is near; the family may have been left out. */
function hintFor(rule: string, ids: readonly string[]): string {
  const near = ids.find((id) => id.split('/')[1] === rule) ?? nearest(rule, ids);
  return near === undefined ? '' : `; did you mean ${near}?`;
}
