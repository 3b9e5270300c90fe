import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const own = (fields: string) => `securityContext: {capabilities: {${fields}}}`;

it.each([
  ['nothing dropped', '', 'kept', 9, 7],
  ['some dropped', own('drop: [NET_RAW, CHOWN]'), 'kept', 11, 46],
  // The Pod Security Standards take it in capitals only.
  ['all, in small letters', own('drop: [all]'), 'kept', 11, 46],
  ['one added', own('drop: [ALL], add: [NET_BIND_SERVICE, SETUID]'), 'added', 11, 77],
])('finds %s', async (_, fields, messageId, line, column) => {
  const { seen, severities } = await examine(check, podWith(fields));
  expect(seen).toEqual([{ messageId, line, column }]);
  expect(severities).toEqual(['warning']);
});

it('looks at each container, for nothing of the pod counts', async () => {
  const text = podWith(own('drop: [ALL]'), `${own('drop: [ALL]')}\ninitContainers: [{name: i}]`);
  const { messages } = await examine(check, text);
  expect(messages).toEqual(['container i does not drop ALL capabilities']);
});

it.each([
  ['all dropped', own('drop: [ALL]'), ''],
  ['the one that may be added', own('drop: [ALL], add: [NET_BIND_SERVICE]'), ''],
  ['one that is for another rule', own('drop: [ALL], add: [SYS_ADMIN]'), ''],
  ['Windows', '', 'os: {name: windows}'],
])('is silent for %s', async (_, fields, podFields) => {
  expect((await examine(check, podWith(fields, podFields))).outcome).toBe('pass');
});
