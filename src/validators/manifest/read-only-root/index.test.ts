import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const own = (value: string) => `securityContext: {readOnlyRootFilesystem: ${value}}`;

it.each([
  ['nothing said', '', 9, 7],
  ['a root that can be written to', own('false'), 11, 49],
  ['a value that is no boolean', own('"true"'), 11, 49],
])('finds %s', async (_, fields, line, column) => {
  const { seen } = await examine(check, podWith(fields));
  expect(seen).toEqual([{ messageId: 'writable', line, column }]);
});

it('looks at each container, for nothing of the pod counts', async () => {
  const { messages } = await examine(
    check,
    podWith(own('true'), `${own('true')}\ninitContainers: [{name: i}]`),
  );
  expect(messages).toEqual(['container i can write to its root file system']);
});

it.each([
  ['a root that cannot be written to', own('true'), ''],
  ['Windows', '', 'os: {name: windows}'],
])('is silent for %s', async (_, fields, podFields) => {
  expect((await examine(check, podWith(fields, podFields))).outcome).toBe('pass');
});
