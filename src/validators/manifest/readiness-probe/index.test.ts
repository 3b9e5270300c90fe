import { expect, it } from 'vitest';
import { deploymentWith, documents, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const service =
  'apiVersion: v1\nkind: Service\nmetadata: {name: front}\nspec: {selector: {app: web}, ports: [{port: 8080}]}\n';

it('is an error behind a Service', async () => {
  const { seen, severities, messages } = await examine(
    check,
    documents(deploymentWith('web'), service),
  );
  expect(seen).toEqual([{ messageId: 'missing-behind-service', line: 15, column: 11 }]);
  expect(severities).toEqual(['error']);
  expect(messages[0]).toContain('Service front');
});

it('is a warning for a worker', async () => {
  const { seen, severities } = await examine(check, deploymentWith('worker'));
  expect(seen).toEqual([{ messageId: 'missing', line: 15, column: 11 }]);
  expect(severities).toEqual(['warning']);
});

it('tells the container that serves from its neighbour', async () => {
  const containers = documents(
    podWith('ports: [{containerPort: 8080}]').concat('    - name: logs\n      image: logs:1\n'),
    service,
  );
  const { severities, paths } = await examine(check, containers);
  expect(severities).toEqual(['error', 'warning']);
  expect(paths).toEqual(['spec.containers[0]', 'spec.containers[1]']);
});

it.each([
  ['a probe', podWith('readinessProbe: {tcpSocket: {port: 8080}}')],
  [
    'a Job',
    'apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\nspec: {template: {spec: {containers: [{name: a}]}}}\n',
  ],
  [
    'an init container that ends',
    podWith('readinessProbe: {exec: {command: [ready]}}', 'initContainers: [{name: i}]'),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
