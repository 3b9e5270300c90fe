import type { Config } from '../config/load.ts';
import type { Check, Preset } from '../core/check.ts';
import type { RuleSettings } from '../core/engine.ts';
import { Fault } from '../core/fault.ts';
import { atLeast } from '../core/finding.ts';
import { nearest } from '../core/suggest.ts';

/**
 * Settings by rule id, as the engine takes them.
 * @throws Fault `config-invalid` for an id that names no rule: a misspelt `disable` must not be silent
 */
export function ruleSettings(
  rules: Config['rules'],
  checks: readonly Check[],
): Record<string, RuleSettings> {
  const ids = checks.map((check) => check.id);
  const named = [
    ...(rules.disable ?? []),
    ...(rules.enable ?? []),
    ...Object.keys(rules.severity ?? {}),
    ...Object.keys(rules.options ?? {}),
  ];
  for (const id of named) {
    if (ids.includes(id)) continue;
    const near = nearest(id, ids);
    const hint = near ? `; did you mean '${near}'?` : '; `deploycheck rules list` prints them';
    throw new Fault('config-invalid', `rules: there is no rule '${id}'${hint}`);
  }
  for (const check of checks) {
    const known = Object.keys(check.meta.options ?? {});
    const unknown = Object.keys(rules.options?.[check.id] ?? {}).find(
      (name) => !known.includes(name),
    );
    if (unknown === undefined) continue;
    const rest = known.length > 0 ? `it has ${known.join(', ')}` : 'it has none';
    throw new Fault(
      'config-invalid',
      `rules.options: ${check.id} has no option '${unknown}'; ${rest}`,
    );
  }
  for (const check of checks) {
    const wanted = rules.severity?.[check.id];
    if (wanted === undefined || !check.critical || atLeast(wanted, check.severity)) continue;
    throw new Fault(
      'config-invalid',
      `rules.severity: ${check.id} is critical and can only be made graver; waive its findings instead`,
    );
  }
  return Object.fromEntries(
    checks.map((check): [string, RuleSettings] => {
      const { id } = check;
      const severity = rules.severity?.[id];
      return [
        id,
        {
          disabled: rules.disable?.includes(id) ?? false,
          // Whoever sets options of a rule wants it.
          notChosen: !(
            holds(rules.preset, check) ||
            rules.enable?.includes(id) ||
            rules.options?.[id]
          ),
          ...(severity === undefined ? {} : { severity }),
          options: rules.options?.[id] ?? {},
        },
      ];
    }),
  );
}

/** Whether a rule belongs to a preset. */
export function holds(preset: Preset, check: Pick<Check, 'preset' | 'cis'>): boolean {
  switch (preset) {
    case 'default':
      return check.preset === undefined;
    case 'recommended':
      return check.preset !== 'strict';
    case 'strict':
      return true;
    case 'cis':
      return check.preset === undefined || check.cis !== undefined;
  }
}
