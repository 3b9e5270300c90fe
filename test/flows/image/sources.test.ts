import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system.ts';
import { sha256 } from '../../../src/core/digest.ts';
import type { RunRecord } from '../../../src/core/record.ts';
import type { Image } from '../../../src/validators/image/image.ts';
import type { RecipeFile } from '../../../src/validators/image/recipe.ts';
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

const folders = ['app', 'etc', 'usr/lib', 'app/.git', 'root/.ssh'] as const;
const names = [
  'run',
  'a.so',
  '.env',
  'passwd',
  'id_rsa',
  'key.pem',
  'd\u00e9j\u00e0',
  'x'.repeat(120),
] as const;
const contents = [
  '',
  '#!/bin/sh\n',
  'a:x:0:0::/:/bin/sh\n',
  `password=${examplePassword}\n`,
  `URL=postgres://shop:${examplePassword}@db.shop.svc/shop\n`,
  '\u007fELF\u0000',
  'z'.repeat(70_000),
] as const;

const anyPath = fc
  .tuple(fc.constantFrom(...folders), fc.constantFrom(...names))
  .map(([folder, file]) => `${folder}/${file}`);
const anyFile: fc.Arbitrary<RecipeFile> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      path: anyPath,
      content: fc.constantFrom(...contents),
      mode: fc.constantFrom(0o644, 0o600, 0o755, 0o4755, 0o2755, 0o777),
      uid: fc.constantFrom(0, 1000, 3_000_000),
    }),
  },
  anyPath.map((path) => ({ path: path.replace(/([^/]+)$/, '.wh.$1') })),
  anyPath.map((path) => ({ path: path.replace(/[^/]+$/, '.wh..wh..opq') })),
  fc
    .tuple(anyPath, anyPath)
    .map(([path, to]) => ({ path, type: 'symlink' as const, linkname: `/${to}` })),
);
/** Layers of files, deleted and overwritten ones, links, and whole folders that are made anew. */
const anyImage: fc.Arbitrary<LayoutSpec> = fc.record({
  architecture: fc.constant(spec.architecture ?? 'amd64'),
  // Podman writes a config anew for the OCI format, without values that are empty.
  config: fc.record(
    {
      User: fc.constantFrom('0', '10001', 'a'),
      Env: fc.constantFrom([`API_TOKEN=${examplePassword}`], ['PATH=/bin']),
      Cmd: fc.constantFrom(['/app/run'], ['/nowhere'], ['sh', '-c', 'exit']),
    },
    { requiredKeys: ['Cmd'] },
  ),
  layers: fc.array(fc.uniqueArray(anyFile, { maxLength: 8, selector: ({ path }) => path }), {
    minLength: 1,
    maxLength: 4,
  }),
});

let root: string;

beforeAll(async () => {
  if (!bed) return;
  root = await mkdtemp(join(tmpdir(), 'deploycheck-sources-'));
  await bringEverywhere(name, spec, root);
});
afterAll(async () => {
  if (!bed) return;
  removeFromEngines(name);
  await rm(root, { recursive: true, force: true });
});

/** Puts an image into the engines, the registry, and a folder: as layouts and as what the engines save. */
async function bringEverywhere(image: string, what: LayoutSpec, folder: string): Promise<void> {
  const engine = await openAt(host);
  await engine.loadImage(Readable.from([writeSaved(what, [image])]), signal);
  docker(host, 'push', '-q', image);
  docker(host, 'save', '-o', join(folder, 'saved.tar'), image);
  inPodman('load', '-q', '-i', join(folder, 'saved.tar'));
  for (const format of ['docker-archive', 'oci-archive']) {
    inPodman('save', '-q', '--format', format, '-o', join(folder, `podman-${format}.tar`), image);
  }
  execFileSync('sh', ['-c', 'gzip -k saved.tar && zstd -q -k saved.tar'], { cwd: folder });
  for (const codec of ['gzip', 'zstd', 'plain'] as const) {
    const layout = join(folder, codec);
    await mkdir(layout);
    const written = await writeImage(layout, { ...what, codec });
    const annotations = { 'io.containerd.image.name': image };
    await writeIndex(layout, [{ ...written.descriptor, annotations }]);
  }
  execFileSync('tar', ['-cf', 'layout.tar', '-C', 'zstd', '.'], { cwd: folder });
}

function removeFromEngines(image: string): void {
  docker(host, 'rmi', image);
  inPodman('rmi', image);
}

const referencesTo = (image: string): readonly string[] => [
  `docker:${image}`,
  image,
  `registry:${image}`,
  'saved.tar',
  `docker-archive:saved.tar:${image}`,
  'saved.tar.gz',
  'saved.tar.zst',
  'oci:gzip',
  `oci:zstd:${image.replace(/.*:/, '')}`,
  'plain',
  'layout.tar',
  'podman-docker-archive.tar',
  'podman-oci-archive.tar',
];

/** Every place of {@link bringEverywhere}, read. */
async function fromEverywhere(image: string, folder: string): Promise<Image[]> {
  const images: Image[] = [];
  for (const reference of referencesTo(image)) {
    images.push(await load(reference, { root: folder, engine: host }));
  }
  images.push(await load(`docker:${image}`, { root: folder, engine: podman }));
  return images;
}

async function expectOneRecord([first, ...others]: readonly Image[]): Promise<void> {
  if (!first) throw new Error('no image');
  const expected = await recordOf(first);
  expect(first.damage).toEqual([]);
  for (const image of others) {
    expect({ of: image.source, ...Object(await recordOf(image)) }).toEqual({
      of: image.source,
      ...Object(expected),
    });
    expect(image).toMatchObject({ source: image.source, id: first.id });
    expect(image.layers.map(({ diffId }) => diffId)).toEqual(
      first.layers.map(({ diffId }) => diffId),
    );
    expect([...image.filesystem.nodes()]).toEqual([...first.filesystem.nodes()]);
  }
}

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
  it('gives the same record from every source', async () => {
    const images = await fromEverywhere(name, root);
    await expectOneRecord(images);
    expect(images[0] && (await recordOf(images[0]))).toMatchObject({ verdict: 'no-go' });
  });

  it('does so whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(anyImage, async (any) => {
        const folder = await mkdtemp(join(root, 'any-'));
        const image = `${registry}/${repository}:${basename(folder).toLowerCase()}`;
        await bringEverywhere(image, any, folder);
        await expectOneRecord(await fromEverywhere(image, folder));
        removeFromEngines(image);
      }),
      { numRuns: 3 },
    );
  }, 300_000);

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
