import { expect, it } from 'vitest';
import { examine, podWith, setOf } from '../testing.ts';
import { check } from './index.ts';

const options = (fields: string) => `securityContext: {seLinuxOptions: {${fields}}}`;

it.each([
  ['type: spc_t', 'type', 'Pod web sets the SELinux type spc_t, which is none of containers'],
  ['type: toString', 'type', 'Pod web sets the SELinux type toString, which is none of containers'],
  ['user: root', 'label', 'Pod web sets the SELinux user root'],
  ['role: object_r', 'label', 'Pod web sets the SELinux role object_r'],
])('finds %s', async (fields, messageId, message) => {
  const { seen, messages } = await examine(check, podWith('', options(fields)));
  expect(seen).toEqual([{ messageId, line: 11, column: 44 }]);
  expect(messages).toEqual([message]);
});

it('looks at containers of every list', async () => {
  const { paths } = await examine(
    check,
    podWith(options('user: a'), `initContainers: [{name: i, ${options('role: b')}}]`),
  );
  expect(paths).toEqual([
    'spec.containers[0].securityContext.seLinuxOptions.user',
    'spec.initContainers[0].securityContext.seLinuxOptions.role',
  ]);
});

it.each([
  [['1.30'], 1],
  [['1.30', '1.31'], 1],
  [['1.31'], 0],
])('with %s finds %d for the type of container engines', async (kubeVersions, count) => {
  const set = { ...setOf(podWith(options('type: container_engine_t'))), kubeVersions };
  expect((await examine(check, set)).seen).toHaveLength(count);
});

it.each([
  '',
  options(''),
  options('type: container_t'),
  options('level: "s0:c1,c2"'),
  options('type: "", user: '),
])('is silent for %j', async (fields) => {
  expect((await examine(check, podWith(fields))).outcome).toBe('pass');
});
