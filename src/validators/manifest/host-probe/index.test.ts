import { expect, it } from 'vitest';
import { examine, podWith, setOf } from '../testing.ts';
import { check } from './index.ts';

const probe = 'livenessProbe: {tcpSocket: {host: 10.0.0.1, port: 80}}';

it('finds hosts of probes and hooks', async () => {
  const text = podWith(
    `${probe}\nlifecycle:\n  preStop: {httpGet: {host: other.example, port: 80}}`,
    'initContainers: [{name: i, startupProbe: {httpGet: {host: "::1", port: 80}}}]',
  );
  const { seen, messages, paths } = await examine(check, text);
  expect(seen[0]).toEqual({ messageId: 'host', line: 11, column: 41 });
  expect(messages[0]).toBe('container web has the node ask 10.0.0.1: livenessProbe.tcpSocket.host');
  expect(paths).toEqual([
    'spec.containers[0].livenessProbe.tcpSocket.host',
    'spec.containers[0].lifecycle.preStop.httpGet.host',
    'spec.initContainers[0].startupProbe.httpGet.host',
  ]);
});

it.each([
  [['1.33'], 0],
  [['1.33', '1.34'], 1],
  [['1.36'], 1],
])('with %s finds %d', async (kubeVersions, count) => {
  const set = { ...setOf(podWith(probe)), kubeVersions };
  expect((await examine(check, set)).seen).toHaveLength(count);
});

it.each([
  'livenessProbe: {httpGet: {port: 80}}',
  'livenessProbe: {httpGet: {host: "", port: 80}}',
  'livenessProbe: {exec: {command: [host]}}',
  'livenessProbe: {httpGet: {port: 80, httpHeaders: [{name: Host, value: shop.example}]}}',
  'lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}',
  'livenessProbe: host',
])('is silent for %s', async (fields) => {
  expect((await examine(check, podWith(fields))).outcome).toBe('pass');
});

it.each([
  ['127.0.0.1', 'true', 0],
  ['localhost', 'true', 0],
  ['"::1"', 'true', 0],
  ['127.0.0.1', 'false', 1],
  ['10.0.0.1', 'true', 1],
])('with %s and hostNetwork %s finds %d', async (host, hostNetwork, count) => {
  const text = podWith(
    `livenessProbe: {tcpSocket: {host: ${host}, port: 80}}`,
    `hostNetwork: ${hostNetwork}`,
  );
  expect((await examine(check, text)).seen).toHaveLength(count);
});
