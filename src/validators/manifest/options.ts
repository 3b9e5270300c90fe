import { externalPattern } from '../../config/patterns.ts';
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

/**
 * An option that is a list of texts; undefined when it is not given.
 * @throws Fault `config-invalid` naming the rule and the option.
 */
export function textsOf(
  rule: string,
  options: Readonly<Record<string, unknown>>,
  name: string,
): readonly string[] | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.length > 0 && value.every(isText)) return value;
  throw new Fault('config-invalid', `options of ${rule}: ${name}: expected a list of texts`);
}

/**
 * An option that is one of some words; undefined when it is not given.
 * @throws Fault `config-invalid` naming the rule and the option.
 */
export function wordOf<W extends string>(
  rule: string,
  options: Readonly<Record<string, unknown>>,
  name: string,
  words: readonly W[],
): W | undefined {
  const value = options[name];
  const word = words.find((candidate) => candidate === value);
  if (value === undefined || word !== undefined) return word;
  throw new Fault('config-invalid', `options of ${rule}: ${name}: expected ${words.join(' or ')}`);
}

/**
 * An option that is a list of some words; undefined when it is not given.
 * @throws Fault `config-invalid` naming the rule and the option.
 */
export function wordsOf<W extends string>(
  rule: string,
  options: Readonly<Record<string, unknown>>,
  name: string,
  words: readonly W[],
): readonly W[] | undefined {
  return textsOf(rule, options, name)?.flatMap(
    (word) => wordOf(rule, { [name]: word }, name, words) ?? [],
  );
}

/**
 * An option that is a whole number; undefined when it is not given.
 * @throws Fault `config-invalid` naming the rule and the option.
 */
export function countOf(
  rule: string,
  options: Readonly<Record<string, unknown>>,
  name: string,
): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Fault('config-invalid', `options of ${rule}: ${name}: expected a whole number`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isReference(value: unknown): value is string {
  return typeof value === 'string' && externalPattern.test(value);
}
