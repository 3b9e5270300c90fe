import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const annotated = (annotation: string) =>
  podWith().replace('  labels:', `  annotations: {${annotation}}\n  labels:`);

it('points at the name', async () => {
  expect((await examine(check, podWith())).seen).toEqual([
    { messageId: 'naked', line: 4, column: 9 },
  ]);
  expect((await examine(check, annotated('a.b/c: d'))).seen).toHaveLength(1);
});

it.each([
  ['a hook of Helm', annotated('helm.sh/hook: test')],
  ['a hook of Argo CD', annotated('argocd.argoproj.io/hook: PostSync')],
  [
    'a pod that belongs to something',
    podWith().replace('  labels:', '  ownerReferences: [{kind: Node}]\n  labels:'),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
