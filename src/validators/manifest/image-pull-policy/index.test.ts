import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const pod = (image: string, policy?: string) =>
  podWith(policy ? `imagePullPolicy: ${policy}` : '').replace('registry.example/web:1.4.2', image);

it.each([
  ['no tag', 'web', 'IfNotPresent', 'stale', 11, 24],
  ['latest', 'web:latest', 'IfNotPresent', 'stale', 11, 24],
  ['a moving tag and the default', 'web:main', undefined, 'stale', 9, 7],
  ['Never', 'web:1.4.2', 'Never', 'never', 11, 24],
])('finds %s', async (_, image, policy, messageId, line, column) => {
  const { seen } = await examine(check, pod(image, policy));
  expect(seen).toEqual([{ messageId, line, column }]);
});

it.each([
  ['latest and the default', 'web:latest', undefined],
  ['a fixed tag', 'web:1.4.2', 'IfNotPresent'],
  ['a moving tag that is pulled', 'web:main', 'Always'],
  ['a digest', `web:latest@sha256:${'0'.repeat(64)}`, 'IfNotPresent'],
])('is silent for %s', async (_, image, policy) => {
  expect((await examine(check, pod(image, policy))).outcome).toBe('pass');
});
