import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const container = (fields: string, image = 'registry.example/git-sync:v4.4.2') =>
  podWith(fields).replace('registry.example/web:1.4.2', image);

it.each([
  ['env: [{name: GITSYNC_GIT, value: /x}]', 'spec.containers[0].env[0]', 13],
  ['env: [{name: GIT_SYNC_GIT, value: /x}]', 'spec.containers[0].env[0]', 13],
  ['args: [--repo=a, --git=/x]', 'spec.containers[0].args[1]', 24],
  ['args: [--repo=a, --git, /x]', 'spec.containers[0].args[1]', 24],
])('finds %s', async (fields, path, column) => {
  const { seen, paths } = await examine(check, container(fields));
  expect(seen).toEqual([{ messageId: 'program', line: 11, column }]);
  expect(paths).toEqual([path]);
});

it.each([
  ['other options', container('args: [--repo=a, --git-config=b, --git-gc=auto]')],
  ['other variables', container('env: [{name: GITSYNC_REPO, value: a}]')],
  ['another program', container('args: [--git=/x]', 'registry.example/web:1')],
  ['no options', container('')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
