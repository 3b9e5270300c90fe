import { parseDuration } from '../../config/duration.ts';
import { Fault } from '../../core/fault.ts';

/**
 * An option that is a duration such as `7d`, in milliseconds.
 * @throws Fault `config-invalid` naming the rule and the option.
 */
export function durationOf(
  rule: string,
  options: Readonly<Record<string, unknown>>,
  name: string,
  otherwise: string,
): number {
  const value = options[name] ?? otherwise;
  const milliseconds = typeof value === 'string' ? parseDuration(value) : undefined;
  if (milliseconds !== undefined) return milliseconds;
  throw new Fault(
    'config-invalid',
    `options of ${rule}: ${name}: expected a duration such as ${otherwise}`,
  );
}
