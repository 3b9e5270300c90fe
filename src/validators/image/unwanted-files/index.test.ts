import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { imageOf } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['app/.git', 'development', 'warning'],
  ['root/.aws', 'credential-store', 'warning'],
  ['root/.ssh', 'credential-store', 'warning'],
])('finds the folder %s', async (path, messageId, severity) => {
  const image = await imageOf({}, [[{ path, type: 'directory' }]]);
  expect((await examine(check, image)).findings).toMatchObject([
    { messageId, severity, location: { path: `/${path}` } },
  ]);
});

it.each([
  ['root/.ssh2/id_ed25519', 'x', 'credentials'],
  ['home/app/.npmrc', '//registry.npmjs.org/:_authToken=0123', 'credentials'],
  ['root/.netrc', 'machine a login b password c', 'credentials'],
  ['app/.env', 'A=1', 'credential-store'],
  ['app/.env.production', 'A=1', 'credential-store'],
  ['app/docker-compose.yml', 'x', 'development'],
  ['app/compose.override.yaml', 'x', 'development'],
  ['app/Dockerfile', 'x', 'development'],
])('finds the file %s', async (path, content, messageId) => {
  const { findings } = await examine(check, await imageOf({}, [[{ path, content }]]));
  expect(findings).toMatchObject([
    { messageId, severity: messageId === 'credentials' ? 'error' : 'warning' },
  ]);
});

it('leaves alone what only looks alike, is empty or is hidden', async () => {
  const image = await imageOf({}, [
    [
      {
        path: 'app/.npmrc',
        content: `registry=https://registry.example\n_authToken=\${NPM_TOKEN}\n`,
      },
      { path: 'app/.env.example', content: 'A=1' },
      { path: 'app/.envrc.md', content: 'A=1' },
      { path: 'app/id_rsa.pub', content: 'ssh-rsa' },
      { path: 'app/.gitignore', content: '*' },
      { path: 'app/empty/.env' },
      { path: 'app/.pgpass', content: 'x' },
    ],
    [{ path: 'app/.wh..pgpass' }],
  ]);
  expect((await examine(check, image)).findings).toEqual([]);
});
