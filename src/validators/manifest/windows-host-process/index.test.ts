import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const options = (fields: string) => `securityContext: {windowsOptions: {${fields}}}`;

it('finds it for the pod and for a container', async () => {
  const { seen, messages } = await examine(
    check,
    podWith(options('hostProcess: true'), options('hostProcess: true')),
  );
  expect(seen).toEqual([
    { messageId: 'host-process', line: 12, column: 51 },
    { messageId: 'host-process', line: 11, column: 55 },
  ]);
  expect(messages).toEqual([
    'Pod web is a process of its node: hostProcess is true',
    'container web is a process of its node: hostProcess is true',
  ]);
});

it.each([
  '',
  options('hostProcess: false'),
  options('hostProcess: "true"'),
  options('runAsUserName: a'),
])('is silent for %j', async (fields) => {
  expect((await examine(check, podWith(fields))).outcome).toBe('pass');
});
