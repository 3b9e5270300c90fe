import { expect, it } from 'vitest';
import { hookOf } from './hooks.ts';

const annotated = (annotations: Readonly<Record<string, string>>) =>
  hookOf({ metadata: { annotations } });

it('an object without a mark is made as any other', () => {
  expect(hookOf({ metadata: {} })).toBeUndefined();
});

it.each([
  ['helm.sh/hook', 'test'],
  ['helm.sh/hook', 'pre-delete,post-delete'],
  ['argocd.argoproj.io/hook', 'SyncFail'],
])('%s: %s is left out', (name, value) => {
  expect(annotated({ [name]: value })).toMatchObject({ isMade: false });
});

it.each([
  [{ 'helm.sh/hook': 'pre-install, test' }, 'helm.sh/hook: pre-install, test'],
  [{ 'argocd.argoproj.io/hook': 'PreSync' }, 'argocd.argoproj.io/hook: PreSync'],
  [{ 'argocd.argoproj.io/sync-wave': '-5' }, 'argocd.argoproj.io/sync-wave: -5'],
])('%j is made, and told of', (annotations, mark) => {
  const seen = annotated(annotations);
  expect(seen).toMatchObject({ isMade: true });
  expect(seen?.why).toContain(mark);
});
