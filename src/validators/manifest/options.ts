import { externalPattern } from '../../config/scalars.ts';
import { Fault } from '../../core/fault.ts';
import type { External } from './references/external.ts';

/**
 * The option `external` of a rule: what exists outside of the manifests, as `Kind/name` or
 * `Kind/namespace/name`; `*` stands for any text.
 * @throws Fault `config-invalid` naming the rule and the option.
 */
export function externalsOf(
  rule: string,
  options: Readonly<Record<string, unknown>>,
): readonly External[] {
  const { external = [], ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new Fault(
      'config-invalid',
      `options of ${rule}: unknown '${unknown}'; expected external`,
    );
  }
  if (!Array.isArray(external) || !external.every(isReference)) {
    throw new Fault(
      'config-invalid',
      `options of ${rule}: external: expected a list of Kind/name or Kind/namespace/name`,
    );
  }
  return external.map((text) => ({ text }));
}

function isReference(value: unknown): value is string {
  return typeof value === 'string' && externalPattern.test(value);
}
