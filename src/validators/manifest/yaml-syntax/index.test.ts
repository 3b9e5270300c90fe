import { expect, it } from 'vitest';
import { manifestSetOf } from '../load.ts';
import { documents, examine, podWith, setOf } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['syntax', 'a: [1\nb: 2\n', 2, 1],
  ['duplicate-key', podWith('image: registry.example/web:2'), 11, 7],
  ['alias', 'a: *nowhere\n', 1, 4],
  ['not-an-object', '- a\n', 1, 1],
  ['missing-identity', 'kind: Pod\n', 1, 1],
  ['control-character', 'a: \u0007\n', 1, 4],
])('%s', async (messageId, text, line, column) => {
  const { seen } = await examine(check, text);
  expect(seen).toEqual([{ messageId, line, column }]);
});

it('not-utf8', async () => {
  const set = manifestSetOf([{ path: 'a.yaml', bytes: Buffer.from([0x61, 0x3a, 0x20, 0xff]) }]);
  const { seen } = await examine(check, set);
  expect(seen).toEqual([{ messageId: 'not-utf8', line: 1, column: 4 }]);
});

it('says all that is missing at once', async () => {
  const { messages } = await examine(check, 'replicas: 3\n');
  expect(messages).toEqual(['a Kubernetes object needs apiVersion, kind, metadata.name, as text']);
});

it('reports one problem a document, not its echoes', async () => {
  const { seen } = await examine(check, documents('{{ if }}\na: b\n', podWith()));
  expect(seen).toHaveLength(1);
});

it('is inconclusive over what was skipped', async () => {
  const kustomization = { path: 'kustomization.yaml', bytes: Buffer.from('resources: []\n') };
  const pod = { path: 'pod.yaml', bytes: Buffer.from(podWith()) };
  const { outcome, notExamined } = await examine(check, manifestSetOf([kustomization, pod]));
  expect(outcome).toBe('inconclusive');
  expect(notExamined).toEqual(['kustomization.yaml']);
});

it('says nothing about a good set', async () => {
  expect((await examine(check, setOf(podWith(), documents(podWith(), podWith())))).outcome).toBe(
    'pass',
  );
});
