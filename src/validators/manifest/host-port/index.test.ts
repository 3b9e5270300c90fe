import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

it('finds each port, in every list of containers', async () => {
  const text = podWith(
    'ports:\n  - {containerPort: 80, hostPort: 80}\n  - {containerPort: 81}',
    'initContainers: [{name: i, ports: [{containerPort: 82, hostPort: 8082}]}]',
  );
  const { seen, paths, messages } = await examine(check, text);
  expect(seen[0]).toEqual({ messageId: 'host-port', line: 12, column: 41 });
  expect(paths).toEqual([
    'spec.containers[0].ports[0].hostPort',
    'spec.initContainers[0].ports[0].hostPort',
  ]);
  expect(messages[1]).toBe('container i takes port 8082 of its node');
});

it.each([
  ['no port of the node', 'ports: [{containerPort: 80}]', ''],
  ['a port of 0', 'ports: [{containerPort: 80, hostPort: 0}]', ''],
  ['one that is no number', 'ports: [{containerPort: 80, hostPort: "80"}]', ''],
  ['ports that are no list', 'ports: {hostPort: 80}', ''],
  [
    'a pod in the network of its node',
    'ports: [{containerPort: 80, hostPort: 80}]',
    'hostNetwork: true',
  ],
])('is silent for %s', async (_, fields, podFields) => {
  expect((await examine(check, podWith(fields, podFields))).outcome).toBe('pass');
});
