import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { imageOf } from '../testing.ts';
import { check } from './index.ts';

/** A 64-bit little-endian ELF header with an optional loader, as elf(5) lays it out; all bytes are ASCII. */
function elf(machine: number, loader?: string): string {
  const bytes = Buffer.alloc(256);
  bytes.write('\x7fELF\x02\x01\x01', 'latin1');
  bytes.writeUInt16LE(machine, 18);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(loader === undefined ? 0 : 1, 56);
  if (loader !== undefined) {
    bytes.writeUInt32LE(3, 64);
    bytes.writeBigUInt64LE(120n, 72);
    bytes.writeBigUInt64LE(BigInt(loader.length + 1), 96);
    bytes.write(loader, 120, 'latin1');
  }
  return bytes.toString('latin1');
}

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
  ['loader-missing', { Cmd: ['/app/run'] }, [file('app/run', elf(amd64, '/lib64/ld.so'))]],
  ['interpreter-missing', { Cmd: ['/app/run'] }, [file('app/run', '#!/bin/bash\n'), shell]],
  [
    'interpreter-missing',
    { Cmd: ['/app/run'] },
    [file('app/run', '#!/bin/env -S node\n'), file('bin/env', elf(amd64))],
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
    [file('app/run', elf(amd64, '/lib64/ld.so')), file('lib64/ld.so', 'loader')],
  ],
  [{ Cmd: ['/app/run'] }, [file('app/run', '#!/bin/env sh\n'), file('bin/env', elf(amd64)), shell]],
  [{ Cmd: ['/app/run'], User: '7:8' }, [file('app/run', elf(amd64), { mode: '0750', gid: 8 })]],
])('accepts %j', async (config, layer) => {
  expect((await examine(check, await imageOf(config, [layer]))).findings).toEqual([]);
});

it('reads a real binary', async () => {
  const { readProgram } = await import('../program.ts');
  const program = readProgram(readFileSync(process.execPath).subarray(0, 4096));
  expect(program).toMatchObject({
    format: 'elf',
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    loader: expect.stringMatching(/^\/lib.*ld-linux/),
  });
});
