import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system.ts';
import { sha256 } from '../../../src/core/digest.ts';
import type { RunRecord } from '../../../src/core/record.ts';
import type { Image } from '../../../src/validators/image/image.ts';
import {
  type LayoutSpec,
  load,
  writeImage,
  writeIndex,
  writeSaved,
} from '../../../src/validators/image/testing.ts';
import { checks } from '../../../src/validators/registry.ts';
import { examplePassword } from '../../../src/validators/secret/example-password.ts';
import { validate } from '../../../src/validators/validate.ts';
import { docker, openAt } from '../../adapters/docker/setup.ts';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';

const bed = await systems('engine', 'registry', 'podman');
const host = bed?.('DOCKER_HOST') ?? '';
const registry = bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '';
const podman = bed?.('DEPLOYCHECK_TEST_PODMAN') ?? '';
const { signal } = new AbortController();

const repository = `tests/s${crypto.randomUUID().slice(0, 13)}`;
const name = `${registry}/${repository}:2.0.0`;

/** Something to find in the config, in a file that is there, and in one that a later layer deletes. */
const spec: LayoutSpec = {
  architecture: process.arch === 'x64' ? 'amd64' : process.arch,
  config: { Env: ['PATH=/bin', `API_TOKEN=${examplePassword}`], Cmd: ['/app/run'] },
  layers: [
    [
      { path: 'app', type: 'directory' },
      { path: 'app/run', mode: 0o4755, content: '#!/bin/nothing\n' },
      { path: 'app/.env', content: `URL=postgres://shop:${examplePassword}@db.shop.svc/shop\n` },
    ],
    [{ path: 'app/.wh..env' }, { path: 'app/.git', type: 'directory' }],
    [{ path: 'app/soft' }, { path: 'app/hard', type: 'hardlink', linkname: 'app/soft' }],
  ],
};

let root: string;

beforeAll(async () => {
  if (!bed) return;
  root = await mkdtemp(join(tmpdir(), 'deploycheck-sources-'));
  const engine = await openAt(host);
  await engine.loadImage(Readable.from([writeSaved(spec, [name])]), signal);
  docker(host, 'push', name);
  docker(host, 'save', '-o', join(root, 'saved.tar'), name);
  inPodman('load', '-q', '-i', join(root, 'saved.tar'));
  for (const format of ['docker-archive', 'oci-archive']) {
    inPodman('save', '-q', '--format', format, '-o', join(root, `podman-${format}.tar`), name);
  }
  execFileSync('sh', ['-c', 'gzip -k saved.tar && zstd -q -k saved.tar'], { cwd: root });
  for (const codec of ['gzip', 'zstd', 'plain'] as const) {
    const folder = join(root, codec);
    await mkdir(folder);
    const image = await writeImage(folder, { ...spec, codec });
    const annotations = { 'io.containerd.image.name': name };
    await writeIndex(folder, [{ ...image.descriptor, annotations }]);
  }
  execFileSync('tar', ['-cf', 'layout.tar', '-C', 'zstd', '.'], { cwd: root });
});
afterAll(async () => {
  if (!bed) return;
  docker(host, 'rmi', name);
  inPodman('rmi', name);
  await rm(root, { recursive: true, force: true });
});

function inPodman(...args: readonly string[]): void {
  execFileSync('podman', ['--remote', '--url', podman, ...args]);
}

/** What a record says of an image, but for where it was read and when. */
async function recordOf(image: Image): Promise<unknown> {
  const record: RunRecord = await validate(
    {
      command: 'validate image',
      toolVersion: '0.0.0',
      failOn: 'error',
      targets: [image],
      checks: checks.filter(({ appliesTo }) => appliesTo === 'image'),
      settings: {},
    },
    {
      ...{ signal, clock: systemClock, onEvent: () => {} },
      evidence: { add: () => Promise.reject(new Error('no rule keeps evidence of this image')) },
    },
  );
  return {
    ...{ verdict: record.verdict, summary: record.summary, notExamined: record.notExamined },
    findings: record.findings.map(({ location, ...finding }) => {
      return { ...finding, location: { ...location, file: location.file && 'the image' } };
    }),
    outcomes: record.outcomes.map(({ check, outcome, fault }) => ({ check, outcome, fault })),
  };
}

describe.skipIf(!bed)('the same image', () => {
  const references = () => [
    `docker:${name}`,
    name,
    `registry:${name}`,
    'saved.tar',
    `docker-archive:saved.tar:${name}`,
    'saved.tar.gz',
    'saved.tar.zst',
    'oci:gzip',
    'oci:zstd:2.0.0',
    'plain',
    'layout.tar',
    'podman-docker-archive.tar',
    'podman-oci-archive.tar',
  ];

  it('gives the same record from every source', async () => {
    const images: Image[] = [];
    for (const reference of references()) {
      images.push(await load(reference, { root, engine: host }));
    }
    images.push(await load(`docker:${name}`, { root, engine: podman }));
    const [first, ...others] = images;
    if (!first) throw new Error('no image');
    const expected = await recordOf(first);
    expect(first.damage).toEqual([]);
    expect(expected).toMatchObject({ verdict: 'no-go' });
    for (const image of others) {
      expect({ of: image.source, ...Object(await recordOf(image)) }).toEqual({
        of: image.source,
        ...Object(expected),
      });
      expect(image.id).toBe(first.id);
      expect(image.layers.map(({ diffId }) => diffId)).toEqual(
        first.layers.map(({ diffId }) => diffId),
      );
      expect([...image.filesystem.nodes()]).toEqual([...first.filesystem.nodes()]);
    }
  });

  it('is known by the digests of its source, and says where it comes from', async () => {
    const [inEngine, inRegistry, saved] = await Promise.all(
      [`docker:${name}`, `registry:${name}`, 'saved.tar'].map((one) =>
        load(one, { root, engine: host }),
      ),
    );
    const id = docker(host, 'image', 'inspect', '--format', '{{.Id}}', name);
    const [pushed = ''] = docker(
      host,
      'image',
      'inspect',
      '--format',
      '{{join .RepoDigests " "}}',
      name,
    )
      .split(' ')
      .map((one) => one.replace(/.*@/, ''));
    expect(inEngine).toMatchObject({ digest: id, id, source: `docker:${name}@${id}` });
    expect(saved).toMatchObject({ digest: id, id, source: `docker-archive:saved.tar@${id}` });
    expect(inRegistry).toMatchObject({
      ...{ digest: pushed, id, source: `registry:${name}@${pushed}`, digests: [pushed, id] },
    });
  });

  it('is read by its id, and by digest', async () => {
    const inEngine = await load(`docker:${name}`, { root, engine: host });
    expect((await load(inEngine.digest, { root, engine: host })).id).toBe(inEngine.id);
    const inRegistry = await load(`registry:${name}`, { root });
    const byDigest = await load(`registry:${registry}/${repository}@${inRegistry.digest}`, {
      root,
    });
    expect(byDigest.digest).toBe(inRegistry.digest);
  });

  it('is read by the built program, which leaves nothing in the temporary folder', async () => {
    const scratch = join(root, 'scratch');
    await mkdir(scratch);
    const env = { TMPDIR: scratch, DOCKER_HOST: host, XDG_CACHE_HOME: join(root, 'cache') };
    for (const reference of [`docker:${name}`, `registry:${name}`, 'saved.tar.gz']) {
      const args = ['validate', 'image', reference, '--format', 'json', '--no-cache'];
      const { exitCode, stdout, stderr } = await deploycheck(args, { cwd: root, env });
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
      expect(JSON.parse(stdout)).toMatchObject({ verdict: 'no-go' });
      const left = execFileSync('ls', ['-A', scratch], { encoding: 'utf8' });
      expect(left).not.toContain('unpacked-');
    }
  });
});

describe.skipIf(!bed)('a name that is nowhere', () => {
  it.each([
    ['docker:no-such-image', 'input-missing', 'the engine has no such image'],
    ['no-such-image', 'input-missing', 'names that begin with its host'],
    [`registry:${registry}/no/such:1`, 'input-missing', 'the registry has no such image'],
    [`${registry}/no/such:1`, 'input-missing', 'the registry has no such image'],
    [`docker:sha256:${sha256('nothing').slice(7)}`, 'input-missing', 'no such image'],
  ])('%s is %s', async (reference, code, message) => {
    await expect(load(reference, { root, engine: host })).rejects.toMatchObject({
      ...{ code, message: expect.stringContaining(message) },
    });
  });

  it('of a platform the registry does not have names those that it has', async () => {
    const other = { os: 'linux', architecture: 's390x' };
    await expect(load(`registry:${name}`, { root, platform: other })).rejects.toMatchObject({
      code: 'image-unreadable',
      message: expect.stringContaining('s390x'),
    });
  });
});
