import { listAt, recordAt, stringAt } from './read.ts';

export type Labels = ReadonlyMap<string, string>;

/** Whether every pair of an equality selector is among the labels; an empty selector selects all. */
export function matchesLabels(wanted: Labels, labels: Labels): boolean {
  return wanted.entries().every(([key, value]) => labels.get(key) === value);
}

/**
 * Whether a LabelSelector (`matchLabels` and `matchExpressions`, all of which must hold) selects the
 * labels. An operator that does not exist selects nothing.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function matchesSelector(selector: unknown, labels: Labels): boolean {
  return requirementsOf(selector).every((requirement) => requirement.holds(labels));
}

export interface Requirement {
  /** Below the selector. */
  readonly path: readonly (string | number)[];
  /** As a person writes it: `app = web`, `tier in (a, b)`. */
  readonly text: string;
  holds(labels: Labels): boolean;
}

export function requirementsOf(selector: unknown): Requirement[] {
  const pairs = Object.entries(recordAt(selector, 'matchLabels')).map(([key, value]) => ({
    path: ['matchLabels', key],
    text: `${key} = ${String(value)}`,
    holds: (labels: Labels) => labels.get(key) === value,
  }));
  const expressions = listAt(selector, 'matchExpressions').map((expression, index) => ({
    path: ['matchExpressions', index],
    ...expressionOf(expression),
  }));
  return [...pairs, ...expressions];
}

function expressionOf(expression: unknown): Pick<Requirement, 'text' | 'holds'> {
  const key = stringAt(expression, 'key') ?? '';
  const operator = stringAt(expression, 'operator') ?? '';
  const values = listAt(expression, 'values').map(String);
  const among = (labels: Labels): boolean => {
    const value = labels.get(key);
    return value !== undefined && values.includes(value);
  };
  const list = `(${values.join(', ')})`;
  switch (operator) {
    case 'In':
      return { text: `${key} in ${list}`, holds: among };
    case 'NotIn':
      return { text: `${key} not in ${list}`, holds: (labels) => !among(labels) };
    case 'Exists':
      return { text: `${key} exists`, holds: (labels) => labels.has(key) };
    case 'DoesNotExist':
      return { text: `${key} does not exist`, holds: (labels) => !labels.has(key) };
    default:
      return { text: `${key} ${operator}`, holds: () => false };
  }
}

/** Whether a LabelSelector is there and asks for nothing, which selects everything. */
export function isEmptySelector(selector: unknown): boolean {
  return selector !== undefined && requirementsOf(selector).length === 0;
}

/** A LabelSelector as a person writes it; empty for one that asks for nothing. */
export function selectorText(selector: unknown): string {
  return requirementsOf(selector)
    .map(({ text }) => text)
    .join(', ');
}

/** Whether a LabelSelector is not there, or is empty. */
export function asksForNothing(selector: unknown): boolean {
  return (
    Object.keys(recordAt(selector, 'matchLabels')).length === 0 &&
    listAt(selector, 'matchExpressions').length === 0
  );
}
