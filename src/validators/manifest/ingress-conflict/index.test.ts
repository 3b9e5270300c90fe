import { expect, it } from 'vitest';
import { documents, examine } from '../testing.ts';
import { check } from './index.ts';

interface Given {
  readonly path?: string;
  readonly type?: string;
  readonly host?: string;
  readonly service?: string;
  readonly annotations?: string;
  readonly spec?: string;
}

const ingress = (name: string, given: Given = {}) => {
  const { path = '/', type = 'Prefix', host = 'a.example.com', service = name } = given;
  const { annotations = '', spec = '' } = given;
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}, annotations: {${annotations}}}
spec:
  ${spec}
  rules:
    - host: ${host}
      http: {paths: [{path: ${path}, pathType: ${type}, backend: {service: {name: ${service}}}}]}
`;
};
const pair = (a: Given, b: Given) => documents(ingress('a', a), ingress('b', b));
const at = (messageId: string) => [{ messageId, line: 17, column: 29 }];

it.each([
  ['one path of two services', pair({}, {}), 'conflict', 'error'],
  ['capital letters', pair({ host: 'A.example.com' }, {}), 'conflict', 'error'],
  ['a slash more', pair({ path: '/a' }, { path: '/a/' }), 'conflict', 'error'],
  ['one service twice', pair({ service: 's' }, { service: 's' }), 'repeated', 'warning'],
  [
    'one class, said in two ways',
    pair(
      { spec: 'ingressClassName: nginx' },
      { annotations: 'kubernetes.io/ingress.class: nginx' },
    ),
    'conflict',
    'error',
  ],
  [
    'one group',
    pair(
      { annotations: 'alb.ingress.kubernetes.io/group.name: g' },
      { annotations: 'alb.ingress.kubernetes.io/group.name: g' },
    ),
    'conflict',
    'error',
  ],
])('finds %s', async (_, text, messageId, severity) => {
  const { seen, severities } = await examine(check, text);
  expect(seen).toEqual(at(messageId));
  expect(severities).toEqual([severity]);
});

it('says where the other one stands', async () => {
  expect((await examine(check, pair({}, {}))).messages).toEqual([
    'a.example.com, path /, goes to another backend by Ingress a in 1.yaml, line 8',
  ]);
});

it.each([
  ['another host', pair({}, { host: 'b.example.com' })],
  ['another path', pair({}, { path: '/b' })],
  ['another type, which goes first', pair({}, { type: 'Exact' })],
  ['exact paths', pair({ path: '/a', type: 'Exact' }, { path: '/a/', type: 'Exact' })],
  ['another class', pair({}, { spec: 'ingressClassName: inside' })],
  ['a canary', pair({}, { annotations: 'nginx.ingress.kubernetes.io/canary: "true"' })],
  [
    'load balancers of their own',
    pair({ spec: 'ingressClassName: alb' }, { spec: 'ingressClassName: alb' }),
  ],
  [
    'an address of its own',
    pair({}, { annotations: 'kubernetes.io/ingress.global-static-ip-name: b' }),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});

const ingressClass = (name: string, value: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata:\n  name: ${name}\n  annotations:\n    ingressclass.kubernetes.io/is-default-class: ${value}\n`;

it('finds a second default', async () => {
  const text = documents(
    ingressClass('a', '"true"'),
    ingressClass('b', '"false"'),
    ingressClass('c', '"true"'),
  );
  expect((await examine(check, text)).seen).toEqual([
    { messageId: 'two-defaults', line: 20, column: 50 },
  ]);
});
