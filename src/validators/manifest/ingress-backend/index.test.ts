import { expect, it } from 'vitest';
import { documents, examine, lookedUp } from '../testing.ts';
import { check } from './index.ts';

const ingress = (backend: string, namespace = '') => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web${namespace}}
spec:
  rules:
    - http:
        paths:
          - backend: {${backend}}
`;
const service = (fields = '') => `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{name: http, port: 80}, {port: 81}]${fields}}
`;

it.each([
  ['a number', 'service: {name: web, port: {number: 8080}}', 'missing-port', 59],
  ['a name', 'service: {name: web, port: {name: https}}', 'missing-port', 57],
])('finds %s that is no port of the Service', async (_, backend, messageId, column) => {
  const { seen, messages } = await examine(check, documents(ingress(backend), service()));
  expect(seen).toEqual([{ messageId, line: 8, column }]);
  expect(messages[0]).toContain('it has http (80), 81');
});

it('finds a Service that a cluster does not have, and the ports of one that it has', async () => {
  const text = ingress('service: {name: web, port: {number: 80}}');
  expect((await examine(check, lookedUp(text))).seen).toEqual([
    { messageId: 'missing-object', line: 8, column: 39 },
  ]);
  const live = (port: number) => ({ 'Service web': { spec: { ports: [{ port }] } } });
  expect((await examine(check, lookedUp(text, live(80)))).outcome).toBe('pass');
  expect((await examine(check, lookedUp(text, live(443)))).seen).toEqual([
    { messageId: 'missing-port', line: 8, column: 59 },
  ]);
});

it('looks at the default backend, too', async () => {
  const text = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {defaultBackend: {service: {name: web, port: {number: 82}}}}
`;
  expect((await examine(check, documents(text, service()))).seen).toHaveLength(1);
});

it.each([
  ['a number of the Service', 'service: {name: web, port: {number: 81}}', service()],
  ['a name of the Service', 'service: {name: web, port: {name: http}}', service()],
  ['an alias', 'service: {name: web, port: {number: 8443}}', service(', type: ExternalName')],
  ['an action of a controller', 'service: {name: redirect, port: {name: use-annotation}}', ''],
])('is silent for %s', async (_, backend, beside) => {
  const text = documents(ingress(backend), ...(beside ? [beside] : []));
  expect((await examine(check, text)).outcome).toBe('pass');
});

it('wants other objects, too', async () => {
  const text = ingress('resource: {apiGroup: k8s.example.com, kind: StorageBucket, name: static}');
  const { notExamined } = await examine(check, text);
  expect(notExamined).toEqual(['StorageBucket static']);
  const bucket = 'apiVersion: k8s.example.com/v2\nkind: StorageBucket\nmetadata: {name: static}\n';
  expect((await examine(check, documents(text, bucket))).outcome).toBe('pass');
});

it('takes no Service of another namespace', async () => {
  const text = ingress('service: {name: web, port: {number: 80}}', ', namespace: shop');
  const elsewhere = service().replace('name: web', 'name: web, namespace: trial');
  expect((await examine(check, documents(text, elsewhere))).notExamined).toEqual(['Service web']);
});
