import { Fault } from '../../core/fault.ts';

const externalPattern = /^[^/]+\/[^/]+(?:\/[^/]+)?$/;

/**
 * The option `external` of a rule: what exists outside of the manifests, as `Kind/name` or
 * `Kind/namespace/name`.
 * @throws Fault `config-invalid` naming the rule and the option.
 */
export function externalsOf(
  rule: string,
  options: Readonly<Record<string, unknown>>,
): readonly string[] {
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
  return external;
}

function isReference(value: unknown): value is string {
  return typeof value === 'string' && externalPattern.test(value);
}

export function isExternal(
  external: readonly string[],
  object: { readonly kind: string; readonly namespace: string | null; readonly name: string },
): boolean {
  const { kind, namespace, name } = object;
  return external.includes(`${kind}/${name}`) || external.includes(`${kind}/${namespace}/${name}`);
}
