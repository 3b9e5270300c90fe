import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { staticProgram } from '../places.ts';
import { imageOf } from '../testing.ts';
import { check } from './index.ts';

const shell = { path: 'bin/sh', ...staticProgram };
const curl = { path: 'usr/bin/curl', ...staticProgram };
const closed = { ...curl, mode: '0644' };
const hour = 3600e9;

it.each([
  [undefined, [], 'missing', 'warning'],
  [{ Test: [] }, [], 'missing', 'warning'],
  [{ Test: ['NONE'] }, [], 'disabled', 'warning'],
  [{ Test: ['CMD', 'curl', '-f'] }, [shell], 'command-missing', 'error'],
  [
    { Test: ['CMD-SHELL', 'curl -f http://localhost || exit 1'] },
    [shell],
    'command-missing',
    'error',
  ],
  [{ Test: ['CMD-SHELL', 'curl -f http://localhost'] }, [curl], 'shell-missing', 'error'],
  [{ Test: ['CMD', 'curl'] }, [closed], 'not-executable', 'error'],
  [{ Test: ['CMD', 'curl'], Interval: hour }, [curl], 'slow', 'info'],
])('says of %j that it is %s', async (health, layer, messageId, severity) => {
  const { findings } = await examine(check, await imageOf({ Healthcheck: health }, [layer]));
  expect(findings).toMatchObject([{ messageId, severity }]);
});

it.each([
  [{ Test: ['CMD', 'curl', '-f', 'http://localhost'] }],
  [{ Test: ['CMD', '/usr/bin/curl'] }],
  [{ Test: ['CMD-SHELL', 'curl -f http://localhost || exit 1'] }],
  [{ Test: ['CMD-SHELL', 'test -f /tmp/ready'] }],
  [{ Test: ['CMD-SHELL', 'PORT=1 missing'] }],
])('accepts %j', async (health) => {
  const image = await imageOf({ Healthcheck: health }, [[shell, curl]]);
  expect((await examine(check, image)).findings).toEqual([]);
});
