import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['command: [sudo, app]', 'spec.containers[0].command[0]'],
  ['command: [/usr/bin/sudo, app]', 'spec.containers[0].command[0]'],
  ['args: [sudo, app]', 'spec.containers[0].args[0]'],
  ['command: [sh, -c, "sudo app"]', 'spec.containers[0].command[2]'],
  ['command: [sh, -c]\nargs: ["cd /app && exec sudo -E app"]', 'spec.containers[0].args[0]'],
  ['command: [sh, -c, "if x; then sudo y; fi"]', 'spec.containers[0].command[2]'],
  ['command: [sudo, sh, -c, "sudo app"]', 'spec.containers[0].command[0]'],
])('finds %j once', async (fields, path) => {
  const { paths } = await examine(check, podWith(fields));
  expect(paths).toEqual([path]);
});

it('points at the word', async () => {
  const { seen } = await examine(check, podWith('command: [sh, -c, "sudo app"]'));
  expect(seen).toEqual([{ messageId: 'sudo', line: 11, column: 25 }]);
});

it.each([
  '',
  'command: [app, sudo]',
  'command: [app, --group, sudo]',
  'command: [sh, -c, "grep sudo /etc/group"]',
  'command: [sh, -c, "pseudo app"]',
  'command: sudo app',
])('is silent for %j', async (fields) => {
  expect((await examine(check, podWith(fields))).outcome).toBe('pass');
});
