import { expect, it } from 'vitest';
import { documents, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const monitor = (spec: string, kind = 'ServiceMonitor') =>
  `apiVersion: monitoring.coreos.com/v1\nkind: ${kind}\nmetadata: {name: m, namespace: ops}\nspec: {${spec}}\n`;
const service = (namespace: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: ${namespace}, labels: {app: web}}\nspec: {ports: [{name: metrics, port: 9090}]}\n`;
const web = 'selector: {matchLabels: {app: web}}';

it.each([
  ['labels of nothing', 'selector: {matchLabels: {app: x}}', 18],
  ['a Service of another namespace', `${web}, namespaceSelector: {matchNames: [trial]}`, 18],
])('finds a monitor for %s', async (_, spec, column) => {
  const { seen } = await examine(check, documents(monitor(spec), service('ops')));
  expect(seen).toEqual([{ messageId: 'selects-nothing', line: 4, column }]);
});

it('finds a port that no Service has', async () => {
  const text = documents(
    monitor(`${web}, endpoints: [{port: metrics}, {port: http}]`),
    service('ops'),
  );
  expect((await examine(check, text)).seen).toEqual([
    { messageId: 'missing-port', line: 4, column: 81 },
  ]);
});

it.each([
  [
    'a Service of its namespace',
    documents(monitor(`${web}, endpoints: [{port: metrics}]`), service('ops')),
  ],
  [
    'Services anywhere',
    documents(monitor(`${web}, namespaceSelector: {any: true}`), service('shop')),
  ],
  [
    'named namespaces',
    documents(monitor(`${web}, namespaceSelector: {matchNames: [a, shop]}`), service('shop')),
  ],
  ['every Service', documents(monitor('selector: {}'), service('shop'))],
  [
    'pods',
    documents(
      monitor(`${web}, podMetricsEndpoints: [{port: m}]`, 'PodMonitor'),
      podWith('ports: [{name: m, containerPort: 1}]'),
    ),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});

it('finds a monitor of pods that nobody is', async () => {
  const text = documents(monitor('selector: {matchLabels: {app: x}}', 'PodMonitor'), podWith());
  expect((await examine(check, text)).seen).toHaveLength(1);
  expect((await examine(check, text, { external: ['PodMonitor/ops/m'] })).outcome).toBe('pass');
  expect((await examine(check, documents(text, 'a: b: c\n'))).outcome).toBe('inconclusive');
});
