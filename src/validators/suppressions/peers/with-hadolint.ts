import type { Check } from '../../../core/check.ts';
import type { RuleSettings } from '../../../core/engine.ts';
import { atLeast } from '../../../core/finding.ts';
import type { HadolintFile } from './hadolint-file.ts';

/** Settings of rules with what the file says; the configuration has the last word. */
export function withHadolint(
  settings: Readonly<Record<string, RuleSettings>>,
  { severities, options }: HadolintFile,
  checks: readonly Check[],
): Record<string, RuleSettings> {
  const merged: Record<string, RuleSettings> = { ...settings };
  for (const { id, meta, critical, severity } of checks) {
    const own = severities[id];
    const given = options[id];
    if (!own && !given) continue;
    const before = merged[id] ?? {};
    const wanted = Object.keys(meta.messages).flatMap((message) => {
      const level = own?.[message] ?? own?.['*'];
      // As in the configuration, what is critical can only be made graver.
      const holds = level !== undefined && (!critical || atLeast(level, severity));
      return holds ? [[message, level] as const] : [];
    });
    merged[id] = {
      ...before,
      // As there, whoever sets options of a rule wants it.
      notChosen: given ? false : (before.notChosen ?? false),
      options: { ...given, ...before.options },
      ...(wanted.length > 0 && { severities: Object.fromEntries(wanted) }),
    };
  }
  return merged;
}
