import { expect, it } from 'vitest';
import { documents, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const policy = (spec: string, metadata = 'name: p') =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {${metadata}}\nspec: {${spec}}\n`;
const both = 'policyTypes: [Ingress, Egress]';
const inA = podWith().replace('  name: web', '  namespace: a\n  name: web');

it.each([
  ['no policy', podWith(), 'none', 4, 'warning'],
  [
    'a policy for others',
    documents(podWith(), policy(`podSelector: {matchLabels: {app: db}}, ${both}`)),
    'none',
    4,
    'warning',
  ],
  [
    'a policy elsewhere',
    documents(inA, policy(`podSelector: {}, ${both}`, 'name: p, namespace: b')),
    'none',
    5,
    'warning',
  ],
  [
    'no word about what goes out',
    documents(podWith(), policy('podSelector: {}')),
    'no-egress',
    4,
    'info',
  ],
  [
    'no word about what comes in',
    documents(podWith(), policy('podSelector: {}, policyTypes: [Egress]')),
    'no-ingress',
    4,
    'warning',
  ],
])('finds %s', async (_, text, messageId, line, severity) => {
  const { seen, severities } = await examine(check, text);
  expect(seen).toEqual([{ messageId, line, column: 9 }]);
  expect(severities).toEqual([severity]);
});

it.each([
  [
    'one for the namespace',
    documents(inA, policy(`podSelector: {}, ${both}`, 'name: p, namespace: a')),
  ],
  [
    'one that names none',
    documents(inA, policy(`podSelector: {matchLabels: {app: web}}, ${both}`)),
  ],
  [
    'two, one for each direction',
    documents(
      podWith(),
      policy('podSelector: {}'),
      policy(
        'podSelector: {matchExpressions: [{key: app, operator: Exists}]}, policyTypes: [Egress]',
        'name: q',
      ),
    ),
  ],
  ['rules for what goes out', documents(podWith(), policy('podSelector: {}, egress: [{}]'))],
  ['the network of the node', podWith('', 'hostNetwork: true')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});

it.each([
  ['a part was not read', 'a: b: c\n'],
  [
    'others guard pods',
    'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c}\n',
  ],
])('does not know where %s', async (_, text) => {
  const { seen, outcome } = await examine(check, documents(podWith(), text));
  expect(seen).toEqual([]);
  expect(outcome).toBe('inconclusive');
});
