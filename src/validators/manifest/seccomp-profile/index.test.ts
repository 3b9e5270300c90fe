import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const profile = (type: string) => `securityContext: {seccompProfile: {type: ${type}}}`;

it('says once for a pod which containers have none', async () => {
  const text = podWith('', `initContainers: [{name: a}, {name: b, ${profile('Localhost')}}]`);
  const { seen, messages } = await examine(check, text);
  expect(seen).toEqual([{ messageId: 'unset', line: 8, column: 3 }]);
  expect(messages).toEqual(['no seccomp profile is set for containers web and a']);
});

it('takes a type that is no string for none', async () => {
  expect((await examine(check, podWith(profile('1')))).seen).toHaveLength(1);
});

it.each([
  ['the pod', '', profile('RuntimeDefault')],
  ['the container', profile('RuntimeDefault'), ''],
  ['what another rule is for', '', profile('Unconfined')],
  ['Windows', '', 'os: {name: windows}'],
])('is silent for %s', async (_, fields, podFields) => {
  expect((await examine(check, podWith(fields, podFields))).outcome).toBe('pass');
});
