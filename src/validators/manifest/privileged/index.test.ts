import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

it('finds it in every list of containers', async () => {
  const container = '{name: x, securityContext: {privileged: true}}';
  const text = podWith(
    'securityContext:\n  privileged: true',
    `initContainers: [${container}]\nephemeralContainers: [${container}]`,
  );
  const { seen, paths } = await examine(check, text);
  expect(seen[0]).toEqual({ messageId: 'privileged', line: 12, column: 21 });
  expect(paths).toEqual([
    'spec.containers[0].securityContext.privileged',
    'spec.initContainers[0].securityContext.privileged',
    'spec.ephemeralContainers[0].securityContext.privileged',
  ]);
});

it('reads yes as the API server does', async () => {
  const { seen } = await examine(check, podWith('securityContext: {privileged: yes}'));
  expect(seen).toEqual([{ messageId: 'privileged', line: 11, column: 37 }]);
});

it.each(['', 'securityContext: {privileged: false}', 'securityContext: {privileged: "true"}'])(
  'is silent for %j',
  async (fields) => {
    expect((await examine(check, podWith(fields))).outcome).toBe('pass');
  },
);
