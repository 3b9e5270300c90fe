import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { check } from './index.ts';

const service = (spec: string, metadata = 'name: web') =>
  `apiVersion: v1\nkind: Service\nmetadata: {${metadata}}\nspec: {${spec}}\n`;

it.each([
  ['NodePort', 'node-port', 'warning'],
  ['LoadBalancer', 'load-balancer', 'info'],
])('finds %s', async (type, messageId, severity) => {
  const { seen, severities } = await examine(check, service(`type: ${type}`));
  expect(seen).toEqual([{ messageId, line: 4, column: 14 }]);
  expect(severities).toEqual([severity]);
});

it.each([
  ['the default', service('')],
  ['another name', service('type: ExternalName, externalName: example.com')],
  ['ranges', service('type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8]')],
  [
    'an internal load balancer',
    service(
      'type: LoadBalancer',
      'name: web, annotations: {networking.gke.io/load-balancer-type: Internal}',
    ),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
