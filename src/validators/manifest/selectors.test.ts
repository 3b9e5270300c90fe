import { expect, it } from 'vitest';
import { isEmptySelector, matchesSelector } from './selectors.ts';

const labels = new Map([
  ['app', 'web'],
  ['tier', 'front'],
]);
const expression = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, values }],
});

it.each([
  [{ matchLabels: { app: 'web' } }, true],
  [{ matchLabels: { app: 'web', tier: 'back' } }, false],
  [{}, true],
  [expression('app', 'In', 'web', 'api'), true],
  [expression('app', 'In', 'api'), false],
  [expression('zone', 'In', 'a'), false],
  [expression('app', 'NotIn', 'web'), false],
  [expression('zone', 'NotIn', 'a'), true],
  [expression('app', 'Exists'), true],
  [expression('zone', 'Exists'), false],
  [expression('zone', 'DoesNotExist'), true],
  [expression('app', 'DoesNotExist'), false],
  [expression('app', 'Likes', 'web'), false],
  [{ matchLabels: { app: 'web' }, ...expression('tier', 'In', 'back') }, false],
])('%j selects: %s', (selector, expected) => {
  expect(matchesSelector(selector, labels)).toBe(expected);
});

it('tells an empty selector from a missing one', () => {
  expect(isEmptySelector({})).toBe(true);
  expect(isEmptySelector(undefined)).toBe(false);
});
