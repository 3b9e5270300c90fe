import { expect, it } from 'vitest';
import { examine, podWith, setOf } from '../testing.ts';
import { check } from './index.ts';

const sets = (...names: string[]) =>
  podWith(
    '',
    `securityContext:\n  sysctls:\n${names.map((name) => `    - {name: ${name}, value: "1"}`).join('\n')}`,
  );

it('finds each parameter', async () => {
  const { seen, messages, paths } = await examine(
    check,
    sets('kernel.msgmax', 'net.ipv4.tcp_syncookies', 'constructor'),
  );
  expect(seen).toEqual([
    { messageId: 'unsafe', line: 13, column: 16 },
    { messageId: 'unsafe', line: 15, column: 16 },
  ]);
  expect(messages[0]).toBe('Pod web sets kernel.msgmax, which is not safe');
  expect(paths[0]).toBe('spec.securityContext.sysctls[0].name');
});

it.each([
  ['net.ipv4.ip_local_reserved_ports', '1.26', '1.27'],
  ['net.ipv4.tcp_keepalive_time', '1.28', '1.29'],
  ['net.ipv4.tcp_rmem', '1.31', '1.32'],
  ['net.ipv4.tcp_notsent_lowat', '1.36', '1.37'],
])('takes %s not in %s but in %s', async (name, before, since) => {
  const at = async (...kubeVersions: string[]) =>
    (await examine(check, { ...setOf(sets(name)), kubeVersions })).messages;
  const message = `Pod web sets ${name}, which is safe from Kubernetes ${since} on only`;
  expect(await at(before)).toEqual([message]);
  expect(await at(since, before)).toEqual([message]);
  expect(await at(since)).toEqual([]);
});

it.each([
  ['safe ones', sets('net.ipv4.tcp_syncookies', 'kernel.shm_rmid_forced')],
  ['one written with slashes', sets('net/ipv4/tcp_syncookies')],
  ['none', podWith('', 'securityContext: {sysctls: []}')],
  ['no list', podWith('', 'securityContext: {sysctls: {name: kernel.msgmax}}')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
