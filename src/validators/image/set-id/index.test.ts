import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { imageOf } from '../testing.ts';
import { check } from './index.ts';

const image = imageOf({}, [
  [
    { path: 'bin/su', mode: '4755', content: 'su' },
    { path: 'bin/wall', mode: '2755', gid: 5, content: 'wall' },
    { path: 'bin/ping', mode: '0755', capability: true, content: 'ping' },
    { path: 'bin/gone', mode: '4755', content: 'gone' },
    { path: 'var/mail', type: 'directory', mode: '2775' },
    { path: 'bin/ls', mode: '0755', content: 'ls' },
  ],
  [
    { path: 'bin/.wh.gone' },
    { path: 'bin/other', type: 'hardlink', linkname: 'bin/su', mode: '4755' },
  ],
]);

it('finds the bits and the capabilities of what a container sees', async () => {
  const { findings } = await examine(check, await image);
  expect(findings.map(({ messageId, location }) => [messageId, location.path])).toEqual([
    ['setuid', '/bin/su'],
    ['setgid', '/bin/wall'],
    ['capability', '/bin/ping'],
    ['setuid', '/bin/other'],
  ]);
});

it('leaves out what is allowed', async () => {
  const allow = ['/bin/su', '/bin/other', '/bin/wall', '/bin/ping'];
  expect((await examine(check, await image, { allow })).outcomes[0]?.outcome).toBe('pass');
});
