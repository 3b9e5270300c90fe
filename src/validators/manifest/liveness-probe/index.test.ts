import { expect, it } from 'vitest';
import { deploymentWith, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['none', deploymentWith('web'), 15, 11],
  ['a readiness probe alone', podWith('readinessProbe: {exec: {command: [ready]}}'), 9, 7],
  ['a null', podWith('livenessProbe:'), 9, 7],
])('finds %s', async (_, text, line, column) => {
  expect((await examine(check, text)).seen).toEqual([{ messageId: 'missing', line, column }]);
});

const probe = 'livenessProbe: {exec: {command: [live]}}';

it.each([
  ['a probe', podWith(probe)],
  [
    'init containers and sidecars',
    podWith(probe, 'initContainers: [{name: i, restartPolicy: Always}]'),
  ],
  [
    'a job',
    podWith()
      .replace('v1', 'batch/v1')
      .replace('Pod', 'Job')
      .replace('spec:', 'spec: {template: {spec: {containers: [{name: j}]}}}\nx:'),
  ],
  ['a pod that ends', podWith('', 'restartPolicy: Never')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
