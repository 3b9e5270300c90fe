import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const adds = (...names: string[]) =>
  `securityContext: {capabilities: {add: [${names.join(', ')}]}}`;

it.each([
  ['NET_RAW', 'beyond'],
  ['NET_ADMIN', 'beyond'],
  ['SYS_TIME', 'beyond'],
  // Runtimes do not know it by this name, and the Pod Security Standards refuse it.
  ['CAP_CHOWN', 'beyond'],
  ['chown', 'beyond'],
  ['SYS_ADMIN', 'node'],
  ['CAP_SYS_MODULE', 'node'],
  ['ALL', 'node'],
  ['all', 'node'],
])('finds %s', async (name, messageId) => {
  const { seen, messages } = await examine(check, podWith(adds('CHOWN', name)));
  expect(seen).toEqual([{ messageId, line: 11, column: 53 }]);
  expect(messages[0]).toContain(name);
});

it('looks at every list of containers', async () => {
  const list = (name: string) => `{name: ${name}, ${adds('NET_RAW')}}`;
  const { paths } = await examine(
    check,
    podWith('', `initContainers: [${list('i')}]\nephemeralContainers: [${list('e')}]`),
  );
  expect(paths).toEqual([
    'spec.initContainers[0].securityContext.capabilities.add[0]',
    'spec.ephemeralContainers[0].securityContext.capabilities.add[0]',
  ]);
});

it.each([
  '',
  adds(),
  adds('NET_BIND_SERVICE', 'SETUID', 'MKNOD'),
  'securityContext: {capabilities: {drop: [NET_RAW, SYS_ADMIN]}}',
  'securityContext: {capabilities: {add: NET_RAW}}',
])('is silent for %j', async (fields) => {
  expect((await examine(check, podWith(fields))).outcome).toBe('pass');
});
