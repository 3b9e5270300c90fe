import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const ports = (...numbers: number[]) =>
  `ports:\n${numbers.map((number) => `  - {containerPort: ${number}}`).join('\n')}`;
const from = (start: string) =>
  `securityContext: {sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: "${start}"}]}`;

it('finds each port', async () => {
  const { seen, messages } = await examine(check, podWith(ports(80, 8080, 1023)));
  expect(seen).toEqual([
    { messageId: 'low', line: 12, column: 27 },
    { messageId: 'low', line: 14, column: 27 },
  ]);
  expect(messages[0]).toBe('container web listens on port 80, which takes a privilege');
});

it('counts from where the pod says', async () => {
  const { paths } = await examine(check, podWith(ports(53, 80, 443), from('80')));
  expect(paths).toEqual(['spec.containers[0].ports[0].containerPort']);
  expect((await examine(check, podWith(ports(53), from('5000')))).seen).toHaveLength(1);
});

it.each([
  ['no port', '', ''],
  ['a high one', ports(1024), ''],
  ['one that is free in the pod', ports(80), from('0')],
  ['one that is no number', 'ports: [{containerPort: http}]', ''],
  ['a port of the node alone', 'ports: [{containerPort: 8080, hostPort: 80}]', ''],
  ['Windows', ports(80), 'os: {name: windows}'],
])('is silent for %s', async (_, fields, podFields) => {
  expect((await examine(check, podWith(fields, podFields))).outcome).toBe('pass');
});
