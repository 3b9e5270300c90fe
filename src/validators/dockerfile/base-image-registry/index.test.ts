import { expect, it } from 'vitest';
import { examine, seen } from '../testing.ts';
import { check } from './index.ts';

const allow = ['*.example.com', 'ghcr.io/team', 'docker.io/library', 'mirror*'];

it.each([
  ['FROM ghcr.io/teams/a:1\n', ['elsewhere 1:6']],
  ['FROM someone/a:1\n', ['elsewhere 1:6']],
  ['FROM a:1 AS b\nFROM b\nFROM scratch\nFROM x.example.com/a:1\nFROM mirror:5000/a:1\n', []],
  ['FROM ghcr.io/team/a:1\nFROM $BASE\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text, { allow })).toEqual(expected);
});

it('is not meant for a project that names no registry, and refuses another option', async () => {
  expect((await examine(check, 'FROM a:1\n')).notMeant).toHaveLength(1);
  const { outcomes } = await examine(check, 'FROM a:1\n', { allow: 'docker.io' });
  expect(outcomes[0]?.fault?.code).toBe('config-invalid');
});
