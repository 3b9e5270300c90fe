import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

it('finds them once', async () => {
  const aliases = '[{ip: 192.0.2.1, hostnames: [a]}, {ip: 192.0.2.2, hostnames: [b]}]';
  const { seen, messages } = await examine(check, podWith('', `hostAliases: ${aliases}`));
  expect(seen).toEqual([{ messageId: 'aliases', line: 11, column: 16 }]);
  expect(messages).toEqual(['Pod web writes host names into /etc/hosts: hostAliases']);
});

it.each(['', 'hostAliases: []', 'hostAliases: web'])('is silent for %j', async (podFields) => {
  expect((await examine(check, podWith('', podFields))).outcome).toBe('pass');
});
