import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { elf, imageOf } from '../testing.ts';
import { check } from './index.ts';

const amd64 = 62;
const arm = 40;
const file = (path: string, content: string, more = {}) => ({
  path,
  mode: '0755',
  content,
  ...more,
});
const shell = file('bin/sh', elf(amd64));
const link = { path: 'usr/bin/linked', type: 'symlink', linkname: '../../app/run' };

const binary = [file('app/run', elf(amd64)), link, shell];

it.each([
  ['nothing', {}, binary],
  ['not-found', { Cmd: ['serve'] }, binary],
  ['not-found', { Cmd: ['./run'] }, binary],
  ['not-found', { Cmd: ['run'], Env: ['PATH=/bin'] }, binary],
  ['not-a-file', { Cmd: ['/app'] }, [{ path: 'app', type: 'directory' }]],
  ['not-executable', { Cmd: ['/app/run'] }, [file('app/run', elf(amd64), { mode: '0644' })]],
  [
    'not-executable',
    { Cmd: ['/app/run'], User: '7' },
    [file('app/run', elf(amd64), { mode: '0750', gid: 9 })],
  ],
  ['exec-format', { Cmd: ['/app/run'] }, [file('app/run', 'serve\n')]],
  ['wrong-architecture', { Cmd: ['/app/run'] }, [file('app/run', elf(arm))]],
  [
    'loader-missing',
    { Cmd: ['/app/run'] },
    [file('app/run', elf(amd64, { loader: '/lib64/ld-linux-x86-64.so.2' }))],
  ],
  ['interpreter-missing', { Cmd: ['/app/run'] }, [file('app/run', '#!/bin/bash\n'), shell]],
  [
    'interpreter-missing',
    { Cmd: ['/app/run'] },
    [file('app/run', '#!/bin/env -S node\n'), file('bin/env', elf(amd64))],
  ],
  [
    'not-reachable',
    { Cmd: ['/app/run'], User: '7' },
    [{ path: 'app', type: 'directory', mode: '0700' }, ...binary],
  ],
  ['interpreter-loop', { Cmd: ['/app/run'] }, [file('app/run', '#!/app/run\n')]],
  [
    'not-executable',
    { Cmd: ['/app/run'] },
    [file('app/run', '#!/bin/sh\n'), file('bin/sh', elf(amd64), { mode: '0644' })],
  ],
  [
    'wrong-architecture',
    { Cmd: ['/app/run'] },
    [file('app/run', '#!/bin/sh\n'), file('bin/sh', elf(arm))],
  ],
  ['carriage-return', { Cmd: ['/app/run'] }, [file('app/run', '#!/bin/sh\r\nserve\r\n'), shell]],
  ['shell-form', { Entrypoint: ['/bin/sh', '-c', '/app/run --port 80'] }, binary],
])('says %s of %j', async (messageId, config, layer) => {
  const { findings } = await examine(check, await imageOf(config, [layer]));
  expect(findings.map((finding) => finding.messageId)).toEqual([messageId]);
});

it.each([
  [{ Entrypoint: ['/app/run'], Cmd: ['--port', '80'] }, binary],
  [{ Cmd: ['run'], Env: ['PATH=/app'] }, binary],
  [{ Cmd: ['./run'], WorkingDir: '/app' }, binary],
  [{ Cmd: ['linked'] }, binary],
  [{ Cmd: ['/bin/sh', '-c', 'exec /app/run'] }, binary],
  [
    { Cmd: ['/app/run'] },
    [
      file('app/run', elf(amd64, { loader: '/lib64/ld-linux-x86-64.so.2' })),
      file('lib64/ld-linux-x86-64.so.2', 'loader'),
    ],
  ],
  [{ Cmd: ['/app/run'] }, [file('app/run', '#!/bin/env sh\n'), file('bin/env', elf(amd64)), shell]],
  [
    { Cmd: ['/app/run'], User: 'app' },
    [
      file('app/run', elf(amd64), { mode: '0750', gid: 8 }),
      file('etc/passwd', 'app:x:7:7::/:\n'),
      file('etc/group', 'app:x:7:\nrunners:x:8:other,app\n'),
    ],
  ],
  [{ Cmd: ['/app/run'] }, [file('app/run', elf(3))]],
  [{ Cmd: ['/app/run'], User: '7:8' }, [file('app/run', elf(amd64), { mode: '0750', gid: 8 })]],
])('accepts %j', async (config, layer) => {
  expect((await examine(check, await imageOf(config, [layer]))).findings).toEqual([]);
});
