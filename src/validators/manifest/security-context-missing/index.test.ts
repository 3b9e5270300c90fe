import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const own = 'securityContext: {allowPrivilegeEscalation: false}';

it('names the containers that have none', async () => {
  const { seen, messages } = await examine(
    check,
    podWith('', `initContainers: [{name: a}, {name: b, ${own}}, {name: c, securityContext: {}}]`),
  );
  expect(seen).toEqual([{ messageId: 'missing', line: 8, column: 3 }]);
  expect(messages).toEqual(['neither the pod nor containers web, a and c has a securityContext']);
});

it('takes an empty one for none', async () => {
  const { seen } = await examine(check, podWith('securityContext: {}', 'securityContext: {}'));
  expect(seen).toEqual([{ messageId: 'missing', line: 12, column: 20 }]);
});

it.each([
  ['the pod', '', 'securityContext: {runAsNonRoot: true}'],
  ['every container', own, ''],
])('is silent for one of %s', async (_, fields, podFields) => {
  expect((await examine(check, podWith(fields, podFields))).outcome).toBe('pass');
});
