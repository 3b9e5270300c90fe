import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const ports = 'ports: [{name: http, containerPort: 8080}]\n';

it.each([
  ['readinessProbe: {httpGet: {port: web}}', 'unknown-name', 40, 'error'],
  ['livenessProbe: {tcpSocket: {port: "8080"}}', 'unknown-name', 41, 'error'],
  ['startupProbe: {grpc: {port: 9090}}', 'undeclared-number', 35, 'warning'],
  ['lifecycle: {preStop: {httpGet: {port: web}}}', 'unknown-name', 45, 'error'],
])('finds %s', async (probe, messageId, column, severity) => {
  const { seen, severities } = await examine(check, podWith(`${ports}${probe}`));
  expect(seen).toEqual([{ messageId, line: 12, column }]);
  expect(severities).toEqual([severity]);
});

it('does not take the ports of another container', async () => {
  const text = podWith(`${ports}`).concat(
    '    - name: side\n      image: side:1\n      livenessProbe: {httpGet: {port: http}}\n',
  );
  const { paths } = await examine(check, text);
  expect(paths).toEqual(['spec.containers[1].livenessProbe.httpGet.port']);
});

it.each([
  ['a declared name', `${ports}readinessProbe: {httpGet: {port: http}}`],
  ['a declared number', `${ports}readinessProbe: {grpc: {port: 8080}}`],
  ['another host', `${ports}readinessProbe: {httpGet: {host: example.com, port: 443}}`],
  ['a command', `${ports}readinessProbe: {exec: {command: [ready]}}`],
  [
    'a port given as text',
    'ports: [{name: http, containerPort: "80"}]\nreadinessProbe: {httpGet: {port: http}}',
  ],
])('is silent for %s', async (_, fields) => {
  expect((await examine(check, podWith(fields))).outcome).toBe('pass');
});
