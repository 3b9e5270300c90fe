import { expect, it } from 'vitest';
import { examine, podWith, setOf } from '../testing.ts';
import { check } from './index.ts';

const own = (fields: string) => `securityContext: {${fields}}`;

it.each([
  ['nothing said', '', '', 'unset', 9, 7, 'warning'],
  ['root by number', own('runAsNonRoot: true, runAsUser: 0'), '', 'root', 11, 56, 'error'],
  ['root allowed', own('runAsNonRoot: false'), '', 'root', 11, 39, 'error'],
  ['root of the pod', '', own('runAsUser: 0'), 'root', 11, 32, 'error'],
  [
    'a container that goes back on its pod',
    own('runAsNonRoot: false'),
    own('runAsNonRoot: true'),
    'root',
    11,
    39,
    'error',
  ],
])('finds %s', async (_, fields, podFields, messageId, line, column, severity) => {
  const { seen, severities } = await examine(check, podWith(fields, podFields));
  expect(seen).toEqual([{ messageId, line, column }]);
  expect(severities).toEqual([severity]);
});

it.each([
  ['the container', own('runAsNonRoot: true'), ''],
  ['a user that is not root', own('runAsUser: 1000'), ''],
  ['the pod', '', own('runAsNonRoot: true, runAsUser: 1000')],
  [
    'a container that mends its pod',
    own('runAsNonRoot: true, runAsUser: 1000'),
    own('runAsUser: 0'),
  ],
  ['Windows', '', 'os: {name: windows}'],
  ['another user, though root was allowed', own('runAsNonRoot: false, runAsUser: 1000'), ''],
])('is silent for %s', async (_, fields, podFields) => {
  expect((await examine(check, podWith(fields, podFields))).outcome).toBe('pass');
});

it('says once what one change mends', async () => {
  const two = 'initContainers: [{name: i}]';
  const unset = await examine(check, podWith('', two));
  expect(unset.seen).toEqual([{ messageId: 'unset', line: 9, column: 7 }]);
  expect(unset.messages).toEqual([
    'nothing keeps containers web and i from running as root: runAsNonRoot is not true there or for the pod',
  ]);
  const { messages, paths } = await examine(check, podWith('', `${own('runAsUser: 0')}\n${two}`));
  expect(messages).toEqual(['runAsUser is 0, which allows root for containers web and i']);
  expect(paths).toEqual(['spec.securityContext.runAsUser']);
});

it.each([
  [['1.34'], 1],
  [['1.34', '1.36'], 1],
  [['1.35'], 0],
])('with %s finds %d in a pod with users of its own', async (kubeVersions, count) => {
  const text = podWith(own('runAsUser: 0'), 'hostUsers: false');
  expect((await examine(check, { ...setOf(text), kubeVersions })).seen).toHaveLength(count);
});
