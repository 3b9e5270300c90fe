import { expect, it } from 'vitest';
import { deploymentWith, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const profile = (type: string) => `securityContext: {seccompProfile: {type: ${type}}}`;

it('finds it for a pod', async () => {
  const { seen, messages } = await examine(check, podWith('', profile('Unconfined')));
  expect(seen).toEqual([{ messageId: 'unconfined', line: 11, column: 44 }]);
  expect(messages).toEqual(['Pod web sets the seccomp profile Unconfined']);
});

it('finds it for a container whose pod is confined', async () => {
  const text = podWith(
    profile('Unconfined'),
    `${profile('RuntimeDefault')}\ninitContainers: [{name: i, ${profile('Unconfined')}}]`,
  );
  const { paths } = await examine(check, text);
  expect(paths).toEqual([
    'spec.containers[0].securityContext.seccompProfile.type',
    'spec.initContainers[0].securityContext.seccompProfile.type',
  ]);
});

it.each([
  ['no profile', podWith()],
  ['the default of the runtime', podWith(profile('RuntimeDefault'))],
  ['a profile of the node', deploymentWith('web', '', profile('Localhost'))],
  ['a type that is no string', podWith(profile('7'))],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
