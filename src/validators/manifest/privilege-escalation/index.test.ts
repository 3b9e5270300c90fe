import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

it('is an error when allowed, a warning when left open', async () => {
  const text = podWith(
    'securityContext:\n  allowPrivilegeEscalation: true',
    'initContainers:\n  - name: i\n    securityContext: {}',
  );
  const { seen, severities } = await examine(check, text);
  expect(seen).toEqual([
    { messageId: 'allowed', line: 12, column: 35 },
    { messageId: 'unset', line: 15, column: 24 },
  ]);
  expect(severities).toEqual(['error', 'warning']);
});

it.each([
  ['a container that forbids it', podWith('securityContext: {allowPrivilegeEscalation: false}')],
  ['Windows, which has no such field', podWith('', 'os: {name: windows}')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
