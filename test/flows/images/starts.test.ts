import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { librariesOf } from '../../../examples/shop/image/runtime.ts';
import { busybox } from '../../../scripts/testbed/images.ts';
import type { Check } from '../../../src/core/check.ts';
import { check as entrypoint } from '../../../src/validators/image/entrypoint/index.ts';
import type { Image } from '../../../src/validators/image/image.ts';

import { check as nonRoot } from '../../../src/validators/image/non-root/index.ts';
import { type RecipeFile, writeTar } from '../../../src/validators/image/recipe.ts';
import { load, writeLayout } from '../../../src/validators/image/testing.ts';
import { check as workingDirectory } from '../../../src/validators/image/working-directory/index.ts';
import { examine } from '../../../src/validators/secret/testing.ts';
import { systems } from '../../systems/bed.ts';

/** What is said of an image without starting it is held against an engine that does. */
const bed = await systems('engine');
const host = bed?.('DOCKER_HOST') ?? '';

/** A program of this machine that is linked with a dozen libraries, and libraries of those. */
const program = execFileSync('which', ['curl'], { encoding: 'utf8' }).trim();
const libraries = await librariesOf(program);
const isLoader = (path: string) => basename(path).startsWith('ld-');
const { content: shell = '' } = await busybox();

const file = (path: string, more: Partial<RecipeFile> = {}): RecipeFile => ({
  path: path.replace(/^\//, ''),
  mode: 0o755,
  content: readFileSync(path),
  ...more,
});
const linked = [file(program, { path: 'app/tool' }), ...libraries.map((path) => file(path))];
const without = (part: string) => linked.filter(({ path }) => !path.includes(part));
const moved = (folder: string) =>
  linked.map((one) =>
    one.path === 'app/tool' || isLoader(one.path)
      ? one
      : { ...one, path: `${folder}/${basename(one.path)}` },
  );
const sh: RecipeFile = { path: 'bin/sh', mode: 0o755, content: shell };
const script = (content: string, more: Partial<RecipeFile> = {}): RecipeFile => ({
  path: 'app/run',
  mode: 0o755,
  content,
  ...more,
});
const foreign = Buffer.from(shell);
// e_machine of ARM64, in a program that is otherwise whole.
foreign.writeUInt16LE(183, 18);

interface Case {
  readonly files: readonly RecipeFile[];
  readonly config: Readonly<{
    Entrypoint: readonly string[];
    User?: string;
    Env?: readonly string[];
    WorkingDir?: string;
  }>;
}
const tool = { Entrypoint: ['/app/tool', '--version'] };
const run = { Entrypoint: ['/app/run'] };
const direct = { Entrypoint: ['/bin/sh', '-c', 'exit 0'] };
const accounts = [
  script('root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n', { path: 'etc/passwd' }),
  script('root:x:0:\nrunners:x:77:app\n', { path: 'etc/group' }),
];

const starting: Readonly<Record<string, Case>> = {
  'a static program': { files: [sh], config: direct },
  'a linked program with its libraries': { files: linked, config: tool },
  'libraries in LD_LIBRARY_PATH': {
    files: moved('opt/lib'),
    config: { ...tool, Env: ['LD_LIBRARY_PATH=/opt/lib'] },
  },
  'a linked program as another user': { files: linked, config: { ...tool, User: '1000:1000' } },
  'a script': { files: [sh, script('#!/bin/sh\nexit 0\n')], config: run },
  'a script of a script': {
    files: [sh, script('#!/bin/sh\nexit 0\n', { path: 'app/inner' }), script('#!/app/inner\n')],
    config: run,
  },
  'a script by env': {
    files: [
      sh,
      { path: 'bin/env', type: 'symlink', linkname: 'busybox' },
      { ...sh, path: 'bin/busybox' },
      script('#!/bin/env sh\nexit 0\n'),
    ],
    config: run,
  },
  'a group that /etc/group adds': {
    files: [sh, ...accounts, script('#!/bin/sh\nexit 0\n', { mode: 0o750, gid: 77 })],
    config: { ...run, User: 'app' },
  },
  // runc enters it before it gives up being root.
  'a working directory that is closed to the user': {
    files: [sh, { path: 'srv', type: 'directory', mode: 0o700 }],
    config: { ...direct, User: '1000', WorkingDir: '/srv' },
  },
};

const failing: Readonly<Record<string, Case>> = {
  'no such program': { files: [sh], config: run },
  'no loader': { files: linked.filter(({ path }) => !isLoader(path)), config: tool },
  'a library that is missing': { files: without('libcrypto'), config: tool },
  'a library of a library that is missing': {
    files: without(deepest()),
    config: tool,
  },
  'libraries where the loader does not look': { files: moved('opt/lib'), config: tool },
  'a folder in ld.so.conf, without the cache': {
    files: [...moved('opt/lib'), script('/opt/lib\n', { path: 'etc/ld.so.conf', mode: 0o644 })],
    config: tool,
  },
  'a library that the user may not read': {
    files: linked.map((one) => (one.path.includes('libcrypto') ? { ...one, mode: 0o700 } : one)),
    config: { ...tool, User: '1000' },
  },
  'a library for another processor': {
    files: linked.map((one) =>
      one.path.includes('libcrypto') ? { ...one, content: foreign } : one,
    ),
    config: tool,
  },
  'a program for another processor': { files: [{ ...sh, content: foreign }], config: direct },
  'no interpreter': { files: [sh, script('#!/bin/bash\nexit 0\n')], config: run },
  'an interpreter for another processor': {
    files: [{ ...sh, content: foreign }, script('#!/bin/sh\nexit 0\n')],
    config: run,
  },
  'CR LF': { files: [sh, script('#!/bin/sh\r\nexit 0\r\n')], config: run },
  'text without an interpreter': { files: [sh, script('exit 0\n')], config: run },
  'no execute bit': { files: [sh, script('#!/bin/sh\n', { mode: 0o644 })], config: run },
  'no execute bit for the user': {
    files: [sh, script('#!/bin/sh\n', { mode: 0o744 })],
    config: { ...run, User: '1000' },
  },
  'a closed folder above it': {
    files: [{ path: 'app', type: 'directory', mode: 0o700 }, sh, script('#!/bin/sh\n')],
    config: { ...run, User: '1000' },
  },
  'a script that is its own interpreter': { files: [script('#!/app/run\n')], config: run },
  'a user that is not there': { files: [sh, ...accounts], config: { ...direct, User: 'nobody' } },
  'a group that is not there': {
    files: [sh, ...accounts],
    config: { ...direct, User: 'app:nobody' },
  },
  'a working directory that is a file': {
    files: [sh, script('x', { path: 'srv' })],
    config: { ...direct, WorkingDir: '/srv' },
  },
};

/** A library that the program does not name itself. */
function deepest(): string {
  const named = execFileSync('readelf', ['-d', program], { encoding: 'utf8' });
  const found = libraries.find((path) => !isLoader(path) && !named.includes(`[${basename(path)}]`));
  if (found === undefined) throw new Error(`${program} names all of its libraries itself`);
  return basename(found);
}

const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
/** What the rules say that keeps a container from starting. */
const fatal = new Set(['user-unknown', 'group-unknown']);

async function said({ files, config }: Case): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-starts-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeLayout(folder, { config, layers: [files], architecture });
  const image = await load(folder, { root: '/' });
  const about = async (check: Check<Image>) => (await examine(check, image)).findings;
  const findings = [
    ...(await about(entrypoint)).filter(({ severity }) => severity === 'error'),
    ...(await about(workingDirectory)).filter(({ severity }) => severity === 'error'),
    ...(await about(nonRoot)).filter(({ messageId }) => fatal.has(messageId)),
  ];
  return findings.map(({ messageId }) => messageId);
}

/** Exit code of a container that is gone afterwards. */
function started({ files, config }: Case): number {
  const name = `tests/starts-${crypto.randomUUID().slice(0, 13)}`;
  const { Entrypoint, User, Env = [], WorkingDir } = config;
  const changes = [
    `ENTRYPOINT ${JSON.stringify(Entrypoint)}`,
    ...(User === undefined ? [] : [`USER ${User}`]),
    ...(WorkingDir === undefined ? [] : [`WORKDIR ${WorkingDir}`]),
    ...Env.map((one) => `ENV ${one}`),
  ];
  const docker = (args: readonly string[], input?: Buffer) =>
    spawnSync('docker', ['--host', host, ...args], { ...(input && { input }), encoding: 'utf8' });
  const made = docker(
    ['import', ...changes.flatMap((change) => ['--change', change]), '-', name],
    writeTar(files),
  );
  if (made.status !== 0) throw new Error(made.stderr);
  try {
    return docker(['run', '--rm', '--network', 'none', name]).status ?? -1;
  } finally {
    docker(['rmi', '--force', name]);
  }
}

describe.skipIf(!bed)('an image that is said to start', () => {
  it.each(Object.keys(starting))('does: %s', async (name) => {
    const one = starting[name] as Case;
    expect(await said(one)).toEqual([]);
    expect(started(one)).toBe(0);
  });
});

describe.skipIf(!bed)('an image that is said not to start', () => {
  it.each(Object.keys(failing))('does not: %s', async (name) => {
    const one = failing[name] as Case;
    expect(await said(one)).not.toEqual([]);
    // Each would end with 0 if it ran; what engines and loaders end with instead differs by version.
    expect(started(one)).not.toBe(0);
  });
});
