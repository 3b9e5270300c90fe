import { expect, it } from 'vitest';
import { documents, examine, lookedUp } from '../testing.ts';
import { check } from './index.ts';

const volume = (fields: string) => `apiVersion: v1
kind: PersistentVolume
metadata: {name: disk}
spec:
  capacity: {storage: 10Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: local
${fields}`;
const claim = (fields: string, named = '  volumeName: disk\n') => `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec:
${named}${fields}`;

const fitting = '  accessModes: [ReadWriteOnce]\n  storageClassName: local\n';

it.each([
  ['size', '  resources: {requests: {storage: 11Gi}}\n', 6, 35],
  ['modes', '  accessModes: [ReadWriteMany]\n', 6, 16],
  ['volume-mode', '  volumeMode: Block\n', 6, 15],
  ['class', '  storageClassName: fast\n', 6, 21],
])('finds another %s', async (messageId, fields, line, column) => {
  const { seen } = await examine(check, documents(claim(fields), volume('')));
  expect(seen).toEqual([{ messageId, line, column }]);
});

it('finds a volume that is kept for another claim', async () => {
  const kept = volume('  claimRef: {name: data, namespace: trial}\n');
  const { seen, messages } = await examine(check, documents(claim(fitting), kept));
  expect(seen).toEqual([{ messageId: 'reserved', line: 5, column: 15 }]);
  expect(messages[0]).toContain('reserved for trial/data');
});

it('looks at a claim that its volume names', async () => {
  const kept = volume('  claimRef: {name: data, namespace: shop}\n');
  const small = claim('  resources: {requests: {storage: 20G}}\n', '');
  expect((await examine(check, documents(small, kept))).seen).toEqual([
    { messageId: 'size', line: 5, column: 35 },
  ]);
});

it.each([
  [
    'a claim that fits',
    documents(claim(`${fitting}  resources: {requests: {storage: 10Gi}}\n`), volume('')),
  ],
  ['a claim without class', documents(claim('  accessModes: [ReadWriteOnce]\n'), volume(''))],
  ['a claim that names no volume', documents(claim('', ''), volume(''))],
  ['a volume that is not in the set', claim(fitting)],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});

it('finds a volume that a cluster does not have, and compares one that it has', async () => {
  const wanted = claim('  resources: {requests: {storage: 11Gi}}\n');
  const missing = await examine(check, lookedUp(wanted));
  expect(missing.seen).toEqual([{ messageId: 'missing-object', line: 5, column: 15 }]);
  const live = { 'PersistentVolume disk': { spec: { capacity: { storage: '10Gi' } } } };
  expect((await examine(check, lookedUp(wanted, live))).messages).toEqual([
    'PersistentVolumeClaim data wants 11Gi, and PersistentVolume disk has 10Gi',
  ]);
});
