import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const probes = (liveness: string, readiness: string) =>
  podWith(`livenessProbe: {${liveness}}\nreadinessProbe: {${readiness}}`);
const asks = 'httpGet: {path: /, port: 80}';

it.each([
  ['the same', asks, asks],
  ['the same in another order', 'httpGet: {port: 80, path: /}', asks],
  ['one that gives up sooner', `${asks}, periodSeconds: 5`, asks],
  ['commands', 'exec: {command: [a, b]}', 'exec: {command: [a, b]}'],
])('finds %s', async (_, liveness, readiness) => {
  const { seen } = await examine(check, probes(liveness, readiness));
  expect(seen).toEqual([{ messageId: 'identical', line: 11, column: 7 }]);
});

it.each([
  ['another path', 'httpGet: {path: /live, port: 80}', asks],
  ['another handler', 'tcpSocket: {port: 80}', asks],
  ['more patience', `${asks}, failureThreshold: 6`, asks],
  ['no handlers', '', ''],
])('is silent for %s', async (_, liveness, readiness) => {
  expect((await examine(check, probes(liveness, readiness))).outcome).toBe('pass');
});
