import { z } from 'zod';
import { Fault } from '../../core/fault.ts';

/**
 * The options of a rule, as `rules.options` gives them.
 * @throws Fault `config-invalid` naming the rule and the option.
 */
export function readOptions<T>(
  rule: string,
  options: Readonly<Record<string, unknown>>,
  schema: z.ZodType<T>,
): T {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new Fault('config-invalid', `options of ${rule}: ${z.prettifyError(result.error)}`);
}

/** `external`: what exists outside of the manifests, as `Kind/name` or `Kind/namespace/name`. */
export const externalOption = z.strictObject({
  external: z.array(z.string().regex(/^[^/]+\/[^/]+(?:\/[^/]+)?$/)).default([]),
});

export function isExternal(
  external: readonly string[],
  object: { readonly kind: string; readonly namespace: string | null; readonly name: string },
): boolean {
  const { kind, namespace, name } = object;
  return external.includes(`${kind}/${name}`) || external.includes(`${kind}/${namespace}/${name}`);
}
