import { expect, it } from 'vitest';
import { deploymentWith, documents, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const service = (port: string) =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector:\n    app: web\n  ports:\n    - ${port}\n`;
const ports =
  'ports:\n  - {name: http, containerPort: 8080}\n  - {name: dns, containerPort: 53, protocol: UDP}';
const pod = podWith(ports);

it.each([
  ['a name', 'port: 80\n      targetPort: web', 'unknown-name', 10, 19],
  ['a number', 'port: 80\n      targetPort: 8081', 'unknown-number', 10, 19],
  ['the port itself', 'port: 80', 'unknown-number', 9, 13],
  ['a name of another protocol', '{port: 53, targetPort: dns}', 'unknown-name', 9, 30],
])('finds %s that no container has', async (_, port, messageId, line, column) => {
  const { seen } = await examine(check, documents(service(port), pod));
  expect(seen).toEqual([{ messageId, line, column }]);
});

it('names what there is', async () => {
  const { messages } = await examine(check, documents(service('port: 80'), pod));
  expect(messages).toEqual([
    'no container that Service web selects has the TCP port 80; declared: http (8080)',
  ]);
});

it.each([
  ['a declared name', service('{port: 80, targetPort: http}'), pod],
  ['a declared number', service('{port: 80, targetPort: 8080}'), pod],
  ['the other protocol', service('{port: 53, targetPort: dns, protocol: UDP}'), pod],
  ['a number where nothing is declared', service('port: 80'), podWith()],
  ['a Service without pods', service('{port: 80, targetPort: http}'), deploymentWith('api')],
  ['one of two workloads', service('{port: 80, targetPort: http}'), documents(pod, podWith())],
  [
    'a sidecar',
    service('{port: 80, targetPort: proxy}'),
    podWith(
      '',
      'initContainers:\n  - {name: p, restartPolicy: Always, ports: [{name: proxy, containerPort: 1}]}',
    ),
  ],
])('is silent for %s', async (_, ...texts) => {
  expect((await examine(check, documents(...texts))).outcome).toBe('pass');
});

it('does not count an init container that ends', async () => {
  const init = 'initContainers:\n  - {name: p, ports: [{name: proxy, containerPort: 1}]}';
  const text = documents(service('{port: 80, targetPort: proxy}'), podWith('', init));
  expect((await examine(check, text)).seen).toHaveLength(1);
});
