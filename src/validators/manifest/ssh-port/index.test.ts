import { expect, it } from 'vitest';
import { documents, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const service = (ports: string, spec = 'selector: {app: web}') =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n  ${spec}\n  ports:\n    - {${ports}}\n`;

it('finds the port of a container', async () => {
  const { seen } = await examine(
    check,
    podWith('ports: [{containerPort: 80}, {containerPort: 22}]'),
  );
  expect(seen).toEqual([{ messageId: 'container', line: 11, column: 52 }]);
});

it.each([
  ['port: 22', 'spec.ports[0].port', 14],
  ['targetPort: 22, port: 2222', 'spec.ports[0].targetPort', 20],
])('finds a Service whose pods are elsewhere: %s', async (ports, path, column) => {
  const { seen, paths } = await examine(check, service(ports));
  expect(seen).toEqual([{ messageId: 'service', line: 7, column }]);
  expect(paths).toEqual([path]);
});

it('says once what a container and its Service have in common', async () => {
  const text = documents(service('port: 22'), podWith('ports: [{containerPort: 22}]'));
  expect((await examine(check, text)).paths).toEqual(['spec.containers[0].ports[0].containerPort']);
});

it.each([
  ['another port', podWith('ports: [{containerPort: 2222, hostPort: 22}]')],
  ['another protocol', podWith('ports: [{containerPort: 22, protocol: UDP}]')],
  ['a Service that maps it', service('port: 22, targetPort: 2222')],
  ['a Service that names it', service('port: 22, targetPort: ssh')],
  ['a Service of a name', service('port: 22', 'selector: {app: web}\n  type: ExternalName')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
