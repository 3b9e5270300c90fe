import { expect, it } from 'vitest';
import { documents, examine, lookedUp } from '../testing.ts';
import { check } from './index.ts';

const api = 'apiVersion: gateway.networking.k8s.io/v1\n';
const route = (spec: string, kind = 'HTTPRoute') =>
  `${api}kind: ${kind}\nmetadata: {name: r, namespace: shop}\nspec: {${spec}}\n`;
const gateway = `${api}kind: Gateway
metadata: {name: public, namespace: edge}
spec: {listeners: [{name: http, port: 80}, {name: https, port: 443}]}
`;
const service =
  'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {ports: [{port: 80}]}\n';
const parent = (fields: string) => route(`parentRefs: [{name: public, namespace: edge${fields}}]`);

it.each([
  ['section', ', sectionName: tls', 66],
  ['port', ', port: 8080', 59],
  ['section of that port', ', sectionName: http, port: 443', 66],
])('finds a parent without the %s', async (_, fields, column) => {
  const { seen } = await examine(check, documents(parent(fields), gateway));
  expect(seen).toEqual([{ messageId: 'missing-listener', line: 4, column }]);
});

it.each([
  ['backend', route('rules: [{backendRefs: [{name: web, port: 81}]}]', 'GRPCRoute'), 49],
  [
    'mirror',
    route('rules: [{filters: [{requestMirror: {backendRef: {name: web, port: 81}}}]}]'),
    74,
  ],
])('finds a port that the Service of a %s does not have', async (_, text, column) => {
  const { seen } = await examine(check, documents(text, service));
  expect(seen).toEqual([{ messageId: 'missing-port', line: 4, column }]);
});

it('finds what a cluster does not have', async () => {
  const text = route(
    'parentRefs: [{name: public}], rules: [{backendRefs: [{name: web, port: 80}]}]',
  );
  expect((await examine(check, lookedUp(text))).seen).toEqual([
    { messageId: 'missing-object', line: 4, column: 28 },
    { messageId: 'missing-object', line: 4, column: 68 },
  ]);
  expect((await examine(check, text)).notExamined).toEqual(['Gateway public', 'Service web']);
});

it.each([
  ['a listener by name', documents(parent(', sectionName: https'), gateway)],
  ['a listener by port', documents(parent(', port: 443'), gateway)],
  ['a whole Gateway', documents(parent(''), gateway)],
  [
    'a port of the Service',
    documents(route('rules: [{backendRefs: [{name: web, port: 80}]}]'), service),
  ],
  ['a Service as parent', route("parentRefs: [{name: web, group: '', kind: Service}]")],
  [
    'backends of other kinds',
    route('rules: [{backendRefs: [{name: x, group: a.example, kind: B}]}]'),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
