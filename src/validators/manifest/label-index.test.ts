import { expect, it } from 'vitest';
import { labelIndex } from './label-index.ts';

const items = [
  {
    name: 'a',
    namespace: 'x',
    labels: new Map([
      ['app', 'web'],
      ['tier', 'front'],
    ]),
  },
  { name: 'b', namespace: 'x', labels: new Map([['app', 'web']]) },
  { name: 'c', namespace: 'y', labels: new Map([['app', 'web']]) },
  { name: 'd', namespace: null, labels: new Map([['app', 'api']]) },
];
const index = labelIndex(items, (item) => item);
const select = (selector: unknown, namespace: string | null) =>
  index
    .select(selector, namespace)
    .map(({ name }) => name)
    .join('');

it.each([
  [{ matchLabels: { app: 'web' } }, 'x', 'ab'],
  [{ matchLabels: { app: 'web' } }, null, 'abc'],
  [{ matchLabels: { app: 'api' } }, 'x', 'd'],
  [{ matchLabels: { app: 'web', tier: 'front' } }, 'x', 'a'],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] }, 'x', 'abd'],
  [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, 'x', 'bd'],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: [] }] }, 'x', ''],
  [{}, 'y', 'cd'],
  [{ matchLabels: { app: 'none' } }, null, ''],
])('%j in %s selects %s', (selector, namespace, names) => {
  expect(select(selector, namespace)).toBe(names);
});
