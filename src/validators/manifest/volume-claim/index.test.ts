import { expect, it } from 'vitest';
import { documents, examine, lookedUp, podWith } from '../testing.ts';
import { check } from './index.ts';

const mounting = (claim: string) =>
  podWith('', `volumes:\n  - name: data\n    persistentVolumeClaim: {claimName: ${claim}}`);
const claim = 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {}\n';
const set = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  volumeClaimTemplates:
    - metadata: {name: data}
  template:
    spec:
      volumes:
        - name: VOLUME
          persistentVolumeClaim: {claimName: data}
`;

it('finds a claim that a cluster does not have', async () => {
  const { seen } = await examine(check, lookedUp(mounting('data')));
  expect(seen).toEqual([{ messageId: 'missing-object', line: 13, column: 42 }]);
});

it.each([
  ['a claim of the set', documents(mounting('data'), claim)],
  ['a volume that a claim template replaces', set.replace('VOLUME', 'data')],
  [
    'a claim that a StatefulSet makes',
    documents(mounting('data-db-2'), set.replace('VOLUME', 'data')),
  ],
  ['a volume of another kind', podWith('', 'volumes: [{name: data, emptyDir: {}}]')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, lookedUp(text))).outcome).toBe('pass');
});

it('asks for a claim that no template replaces', async () => {
  const { notExamined } = await examine(check, set.replace('VOLUME', 'other'));
  expect(notExamined).toEqual(['PersistentVolumeClaim data']);
});
