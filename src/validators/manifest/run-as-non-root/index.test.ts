import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
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
])('is silent for %s', async (_, fields, podFields) => {
  expect((await examine(check, podWith(fields, podFields))).outcome).toBe('pass');
});
