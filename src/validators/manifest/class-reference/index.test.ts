import { expect, it } from 'vitest';
import { documents, examine, lookedUp, podWith } from '../testing.ts';
import { check } from './index.ts';

const claim = (fields: string) =>
  `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {${fields}}\n`;
const ingress =
  'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: {ingressClassName: inner}\n';
const gateway =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: web}\nspec: {gatewayClassName: inner}\n';
const ephemeral = podWith(
  '',
  'volumes:\n  - name: tmp\n    ephemeral: {volumeClaimTemplate: {spec: {storageClassName: fast}}}',
);
const set =
  'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {volumeClaimTemplates: [{spec: {storageClassName: fast}}]}\n';

it.each([
  ['a priority', podWith('', 'priorityClassName: high'), 11, 22, 'error'],
  ['a runtime', podWith('', 'runtimeClassName: kata'), 11, 21, 'error'],
  ['an Ingress', ingress, 4, 26, 'error'],
  ['a Gateway', gateway, 4, 26, 'error'],
  ['a claim', claim('storageClassName: fast'), 4, 26, 'warning'],
  ['attributes of a claim', claim('volumeAttributesClassName: fast'), 4, 35, 'error'],
  ['an ephemeral volume', ephemeral, 13, 66, 'warning'],
  ['a claim template', set, 4, 57, 'warning'],
])(
  'finds the class of %s that a cluster does not have',
  async (_, text, line, column, severity) => {
    const { seen, severities } = await examine(check, lookedUp(text));
    expect(seen).toEqual([{ messageId: 'missing-object', line, column }]);
    expect(severities).toEqual([severity]);
    // Without a cluster there is nothing to say.
    expect((await examine(check, text)).outcome).toBe('pass');
  },
);

it.each([
  ['the classes of every cluster', podWith('', 'priorityClassName: system-node-critical')],
  ['no class on purpose', claim('storageClassName: ""')],
  ['a claim that names its volume', claim('storageClassName: manual, volumeName: disk')],
  [
    'a class that is only a name of volumes',
    documents(
      claim('storageClassName: manual'),
      'apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: disk}\nspec: {storageClassName: manual}\n',
    ),
  ],
  [
    'a class of the set',
    documents(
      claim('storageClassName: fast'),
      'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast}\n',
    ),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, lookedUp(text))).outcome).toBe('pass');
});
