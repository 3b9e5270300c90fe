import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { check } from './index.ts';

const policy = (rules: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec:\n  podSelector: {}\n  ${rules}\n`;

it.each([
  ['everything in', 'ingress: [{}]', 'everyone', 13, 'warning'],
  ['an empty list', 'ingress: [{from: []}]', 'everyone', 20, 'warning'],
  ['everybody on a port', 'ingress: [{ports: [{port: 80}]}]', 'everyone', 13, 'info'],
  ['everything out', 'egress: [{}]', 'everyone', 12, 'info'],
  ['all addresses', 'ingress: [{from: [{ipBlock: {cidr: "::/0"}}]}]', 'addresses', 38, 'warning'],
  ['all namespaces', 'ingress: [{from: [{namespaceSelector: {}}]}]', 'namespaces', 41, 'warning'],
  [
    'all pods of all namespaces',
    'ingress: [{from: [{namespaceSelector: {matchLabels: {}}, podSelector: {}}]}]',
    'namespaces',
    41,
    'warning',
  ],
])('finds %s', async (_, rules, messageId, column, severity) => {
  const { seen, severities } = await examine(check, policy(rules));
  expect(seen).toEqual([{ messageId, line: 6, column }]);
  expect(severities).toEqual([severity]);
});

it.each([
  ['nothing allowed', 'policyTypes: [Ingress]'],
  ['the pods of the namespace', 'ingress: [{from: [{podSelector: {}}]}]'],
  ['some namespaces', 'ingress: [{from: [{namespaceSelector: {matchLabels: {a: b}}}]}]'],
  [
    'some pods of all namespaces',
    'ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}]}]',
  ],
  ['a range', 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]'],
  ['the world without', 'egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]'],
  ['DNS', 'egress: [{ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}]'],
])('is silent for %s', async (_, rules) => {
  expect((await examine(check, policy(rules))).outcome).toBe('pass');
});
