import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { capabilitiesOf } from './capabilities.ts';
import { cpuLimitOf, memoryLimitOf } from './control-group.ts';
import { environmentSeen, processOf } from './process.ts';

const status = `Name:\tnode
Uid:\t10001\t10002\t10001\t10001
Gid:\t10001\t10001\t10001\t10001
CapEff:\t0000000000000401
NoNewPrivs:\t1
Seccomp:\t2
`;
const mounts = (options: string) =>
  `620 500 0:70 / / ${options} master:1 - overlay overlay rw\n621 620 0:5 / /proc rw - proc proc rw\n`;

it('reads user, capabilities, privileges and root of a process', () => {
  expect(processOf(status, mounts('ro,relatime'))).toEqual({
    ...{ gid: 10001, seccomp: true },
    ...{ uid: 10002, capabilities: ['CAP_CHOWN', 'CAP_NET_BIND_SERVICE'] },
    ...{ noNewPrivileges: true, readOnlyRoot: true },
  });
  expect(processOf(status, mounts('rw,relatime'))?.readOnlyRoot).toBe(false);
  expect(processOf(status, undefined)?.readOnlyRoot).toBeNull();
  expect(processOf('', undefined)).toBeUndefined();
});

it('reads the process that runs this test', () => {
  const read = (name: string) => readFileSync(`/proc/self/${name}`, 'utf8');
  expect(processOf(read('status'), read('mountinfo'))).toMatchObject({
    uid: process.geteuid?.(),
    readOnlyRoot: false,
  });
  const declared = new Map([['PATH', process.env.PATH ?? '']]);
  expect(environmentSeen(declared, read('environ')).missing).toEqual([]);
});

it('names capabilities by their bits, known or not', () => {
  expect(capabilitiesOf('0000000000000000')).toEqual([]);
  expect(capabilitiesOf('000001ffffffffff')).toHaveLength(41);
  expect(capabilitiesOf('10000000000')).toEqual(['CAP_CHECKPOINT_RESTORE']);
  expect(capabilitiesOf('800000000000000')).toEqual(['CAP_59']);
});

it('compares variables by name and, where it is known, by value', () => {
  const declared = new Map([
    ['A', '1'],
    ['B', null],
    ['C', 'a=b'],
    ['D', ''],
    ['E', 'x'],
  ]);
  expect(environmentSeen(declared, 'A=2\0B=any\0C=a=b\0D=\0')).toEqual({
    ...{ declared: 5, missing: ['E'], different: ['A'] },
  });
});

it('reads the limits of a control group', () => {
  expect(memoryLimitOf('134217728\n')).toBe(134_217_728);
  expect(memoryLimitOf('max\n')).toBeNull();
  expect(memoryLimitOf('9223372036854771712\n')).toBeNull();
  expect(memoryLimitOf('cat: no such file')).toBeUndefined();
  expect(cpuLimitOf('50000 100000\n')).toBe(0.5);
  expect(cpuLimitOf('max 100000\n')).toBeNull();
  expect(cpuLimitOf('')).toBeUndefined();
});
