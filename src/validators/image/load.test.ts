import { execFileSync } from 'node:child_process';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../core/fault.ts';
import { examine } from '../secret/testing.ts';
import type { Image } from './image.ts';
import { check as integrity } from './integrity/index.ts';
import { layerLimits } from './layer.ts';
import { createLayerCache, type LoadImageOptions } from './load.ts';
import { describeConfig } from './saved.ts';
import { check as setId } from './set-id/index.ts';
import {
  blobPath,
  type LayoutSpec,
  load as loadImage,
  temporaryFolder,
  writeImage,
  writeIndex,
  writeJson,
  writeLayout,
  writeSaved,
} from './testing.ts';

const indexType = 'application/vnd.oci.image.index.v1+json';
const host = process.arch === 'x64' ? 'amd64' : process.arch;

const shop: LayoutSpec = {
  config: { User: '10001', Cmd: ['/app/run'] },
  layers: [
    [
      { path: 'app', type: 'directory' },
      { path: 'app/run', mode: 0o755, content: '#!/bin/sh\n' },
      { path: 'app/data', content: 'x'.repeat(300_000) },
    ],
    [{ path: 'app/.wh.data' }, { path: 'etc/os-release', content: 'NAME=shop\n' }],
  ],
};

const load = (root: string, reference = 'oci:.', options: Partial<LoadImageOptions> = {}) =>
  loadImage(reference, { root, ...options });

function view(image: Image): string[] {
  return [...image.filesystem.nodes()].map(({ path, entry }) => `${entry.type} ${path}`).sort();
}

async function faultOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Fault ? error.code : `no fault: ${error}`;
}

describe('a layout', () => {
  it.each(['plain', 'gzip', 'zstd'] as const)('is read with %s layers', async (codec) => {
    const root = await temporaryFolder();
    const written = await writeLayout(root, { ...shop, codec });
    const image = await load(root);
    expect(image.damage).toEqual([]);
    expect(image.digest).toBe(written.manifest);
    expect(image.source).toBe(`oci:.@${written.manifest}`);
    expect(image.config?.user).toBe('10001');
    expect(view(image)).toEqual(['directory app', 'file app/run', 'file etc/os-release']);
    expect(image.filesystem.lookup('/app/run')?.entry.program).toMatchObject({
      format: 'script',
      interpreter: '/bin/sh',
    });
  });

  it('is the same image from a folder and from a tar archive, with or without a scheme', async () => {
    const root = await temporaryFolder();
    await writeLayout(join(root, 'layout'), shop);
    execFileSync('tar', ['-cf', join(root, 'layout.tar'), '-C', join(root, 'layout'), '.']);
    const images = await Promise.all(
      ['oci:layout', 'layout', 'oci:layout.tar', 'layout.tar'].map((name) => load(root, name)),
    );
    const [first, ...others] = images.map(({ digest, layers, damage }) => ({
      digest,
      layers,
      damage,
    }));
    for (const other of others) expect(other).toEqual(first);
  });

  it('may hold a blob twice in its archive, the second time as a link', async () => {
    const root = await temporaryFolder();
    const written = await writeLayout(join(root, 'layout'), { layers: shop.layers.slice(0, 1) });
    const [blob = ''] = written.layers;
    const script =
      'cd layout && ln blobs/sha256/$1 a-first && tar -cf ../layout.tar a-first oci-layout index.json blobs';
    execFileSync('sh', ['-c', script, 'sh', blob.replace('sha256:', '')], { cwd: root });
    expect((await load(root, 'layout.tar')).damage).toEqual([]);
  });

  it('may nest an index, whose attestations are passed over', async () => {
    const root = await temporaryFolder();
    const mine = await writeImage(root, { ...shop, architecture: host });
    const other = await writeImage(root, { ...shop, architecture: 'mips' });
    const attestation = {
      ...other.descriptor,
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    };
    const manifests = [other.descriptor, attestation, mine.descriptor];
    const nested = await writeJson(root, indexType, { schemaVersion: 2, manifests });
    await writeIndex(root, [nested]);
    expect((await load(root)).digest).toBe(mine.manifest);
    expect((await load(root, `oci:.@${other.manifest}`)).digest).toBe(other.manifest);
    expect((await load(root, `oci:.@${nested.digest}`)).digest).toBe(mine.manifest);

    await writeFile(blobPath(root, nested.digest), '{}');
    expect((await load(root)).damage).toMatchObject([{ part: 'index', kind: 'truncated' }]);
  });

  it('with several images wants one named', async () => {
    const root = await temporaryFolder();
    const one = await writeImage(root, shop);
    const two = await writeImage(root, { ...shop, config: { User: '2' } });
    const named = (image: typeof one, name: string) => ({
      ...image.descriptor,
      annotations: { 'org.opencontainers.image.ref.name': name },
    });
    await writeIndex(root, [named(one, '1.0.0'), named(two, 'registry.example/shop:2.0.0')]);
    expect(await faultOf(load(root))).toBe('usage-invalid');
    expect((await load(root, 'oci:.:1.0.0')).digest).toBe(one.manifest);
    expect((await load(root, 'oci:.:2.0.0')).digest).toBe(two.manifest);
    expect(await faultOf(load(root, 'oci:.:3.0.0'))).toBe('image-unreadable');
  });

  it('reads a layer once for all its images that share it, and every copy elsewhere', async () => {
    const root = await temporaryFolder();
    const a = await writeImage(join(root, 'a'), shop);
    const b = await writeImage(join(root, 'a'), { ...shop, config: { User: '7' } });
    await writeIndex(join(root, 'a'), [a.descriptor, b.descriptor]);
    await writeLayout(join(root, 'copy'), shop);
    await flip(blobPath(join(root, 'copy'), a.layers[0] ?? ''));
    const cache = createLayerCache();
    const [first, second] = [
      await load(root, `oci:a@${a.manifest}`, { cache }),
      await load(root, `oci:a@${b.manifest}`, { cache }),
    ];
    expect(second.layers[0]).toBe(first.layers[0]);
    expect((await load(root, 'oci:copy', { cache })).damage).toMatchObject([{ kind: 'digest' }]);
  });
});

describe('an archive of docker save', () => {
  const saved = async (spec: LayoutSpec, names?: readonly string[]) => {
    const root = await temporaryFolder();
    await writeFile(join(root, 'saved.tar'), writeSaved(spec, names));
    return root;
  };

  it('is the same image as a layout, known by the digest of its config', async () => {
    const root = await saved(shop, ['team/shop:1.0.0']);
    const layout = await writeLayout(join(root, 'layout'), shop);
    const image = await load(root, 'saved.tar');
    expect(image).toMatchObject({ digest: layout.config, id: layout.config, damage: [] });
    expect(image).toMatchObject({ digests: [layout.config], identity: 'team/shop' });
    const other = await load(root, 'oci:layout');
    expect(other).toMatchObject({ id: layout.config, digests: [layout.manifest, layout.config] });
    expect([...image.filesystem.nodes()]).toEqual([...other.filesystem.nodes()]);
  });

  it('may hold packed layers, and may be packed itself', async () => {
    for (const codec of ['gzip', 'zstd'] as const) {
      const root = await saved({ ...shop, codec });
      expect((await load(root, 'saved.tar')).damage).toEqual([]);
      execFileSync(codec, ['-q', 'saved.tar'], { cwd: root });
      const packed = codec === 'gzip' ? 'saved.tar.gz' : 'saved.tar.zst';
      expect((await load(root, `docker-archive:${packed}`)).damage).toEqual([]);
    }
  });

  it('is asked for by name, where it holds several', async () => {
    const root = await saved(shop, ['shop:1', 'registry.example/shop:2']);
    for (const name of ['shop:1', 'docker.io/library/shop:1', 'registry.example/shop:2', '2']) {
      expect((await load(root, `docker-archive:saved.tar:${name}`)).damage, name).toEqual([]);
    }
    expect(await faultOf(load(root, 'docker-archive:saved.tar:shop:3'))).toBe('image-unreadable');
  });

  it('that is cut off, or whose layer was altered, is damaged', async () => {
    const root = await saved(shop);
    const bytes = await readFile(join(root, 'saved.tar'));
    await writeFile(join(root, 'cut.tar'), bytes.subarray(0, 5000));
    expect(await faultOf(load(root, 'cut.tar'))).toBe('image-damaged');
    await writeFile(join(root, 'cut.tar.gz'), gzipSync(bytes).subarray(0, 200));
    expect(await faultOf(load(root, 'cut.tar.gz'))).toBe('image-damaged');
    bytes[4000] = (bytes[4000] ?? 0) ^ 1;
    await writeFile(join(root, 'altered.tar'), bytes);
    expect((await load(root, 'altered.tar')).damage).toMatchObject([{ kind: 'diff-id' }]);
  });
});

it('a layer that may not be handed on is not inspected where it is missing, and read where it is', async () => {
  const root = await temporaryFolder();
  const layerType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
  const image = await writeLayout(root, { ...shop, layerType });
  expect((await load(root)).damage).toEqual([]);
  await rm(blobPath(root, image.layers[0] ?? ''));
  const partial = await load(root);
  expect(partial.damage).toMatchObject([{ kind: 'foreign', blob: image.layers[0] }]);
  const { findings, notExamined, outcomes } = await examine(integrity, partial);
  expect(findings).toEqual([]);
  expect(notExamined).toMatchObject([{ why: expect.stringContaining('not inspected') }]);
  expect(outcomes[0]?.outcome).toBe('inconclusive');
  const { outcomes: others } = await examine(setId, partial);
  expect(others[0]?.fault?.code).toBe('image-incomplete');
});

it('an image without layers is found', async () => {
  const root = await temporaryFolder();
  await writeLayout(root, { layers: [] });
  const image = await load(root);
  expect(image.damage).toEqual([]);
  const { findings } = await examine(integrity, image);
  expect(findings).toMatchObject([{ messageId: 'no-layers' }]);
});

it('an image for another platform than the one asked for is refused', async () => {
  const root = await temporaryFolder();
  await writeLayout(root, shop);
  const platform = { os: 'linux', architecture: 's390x' };
  expect(await faultOf(load(root, 'oci:.', { platform }))).toBe('image-unreadable');
});

describe('what is no image', () => {
  it.each([
    ['127.0.0.1:9/shop:1.0.0', 'registry-unreachable'],
    ['registry:127.0.0.1:9/shop', 'registry-unreachable'],
    ['shop:1.0.0', 'engine-unreachable'],
    ['docker:shop', 'engine-unreachable'],
    ['docker:Shop', 'reference-invalid'],
    ['docker://shop', 'image-source-unsupported'],
    ['containers-storage:shop', 'image-source-unsupported'],
    ['Shop', 'input-missing'],
    ['./nothing', 'input-missing'],
    ['oci:nothing', 'input-missing'],
    ['nothing.tar', 'input-missing'],
    ['empty', 'image-unreadable'],
    ['oci:text', 'image-unreadable'],
  ])('%s is refused as %s', async (reference, code) => {
    const root = await temporaryFolder();
    execFileSync('mkdir', [join(root, 'empty')]);
    await writeFile(join(root, 'text'), 'no archive, '.repeat(100));
    expect(await faultOf(load(root, reference))).toBe(code);
  });

  it('an archive cut off before its index is damaged', async () => {
    const root = await temporaryFolder();
    await writeLayout(join(root, 'layout'), { ...shop, codec: 'plain' });
    execFileSync(
      'tar',
      ['-cf', 'layout.tar', '-C', 'layout', 'blobs', 'oci-layout', 'index.json'],
      {
        cwd: root,
      },
    );
    await truncate(join(root, 'layout.tar'), 5000);
    expect(await faultOf(load(root, 'layout.tar'))).toBe('image-damaged');
  });
});

describe('damage', () => {
  const cases: readonly (readonly [
    string,
    (root: string, image: Awaited<ReturnType<typeof writeLayout>>) => Promise<void>,
    object,
  ])[] = [
    [
      'a layer cut off',
      (root, image) => truncate(blobPath(root, image.layers[0] ?? ''), 100),
      { part: 'layer', kind: 'truncated' },
    ],
    [
      'a flipped byte',
      (root, image) => flip(blobPath(root, image.layers[0] ?? '')),
      { part: 'layer', kind: 'digest' },
    ],
    [
      'a missing layer',
      (root, image) => rm(blobPath(root, image.layers[1] ?? '')),
      { kind: 'missing' },
    ],
    [
      'another config',
      (root, image) => flip(blobPath(root, image.config)),
      { part: 'config', kind: 'digest' },
    ],
    ['a missing config', (root, image) => rm(blobPath(root, image.config)), { part: 'config' }],
    [
      'another manifest',
      (root, image) => flip(blobPath(root, image.manifest)),
      { part: 'manifest', kind: 'digest' },
    ],
    [
      'a missing manifest',
      (root, image) => rm(blobPath(root, image.manifest)),
      { part: 'manifest' },
    ],
  ];

  it.each(cases)('%s leaves an image that says so', async (_, damage, expected) => {
    const root = await temporaryFolder();
    await damage(root, await writeLayout(root, shop));
    expect((await load(root)).damage).toMatchObject([expected]);
  });

  it.each(['plain', 'gzip', 'zstd'] as const)(
    'any flipped byte of a %s layer is found',
    async (codec) => {
      const root = await temporaryFolder();
      const image = await writeLayout(root, { layers: shop.layers.slice(0, 1), codec });
      const blob = blobPath(root, image.layers[0] ?? '');
      const whole = await readFile(blob);
      for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 3)) {
        await flip(blob, at);
        expect((await load(root)).damage).toMatchObject([{ kind: 'digest' }]);
        await writeFile(blob, whole);
      }
    },
  );

  it('a wrong diff id is found', async () => {
    const root = await temporaryFolder();
    const diffIds = [`sha256:${'0'.repeat(64)}`, `sha256:${'1'.repeat(64)}`];
    await writeLayout(root, { ...shop, diffIds });
    expect((await load(root)).damage).toMatchObject([{ kind: 'diff-id' }, { kind: 'diff-id' }]);
  });

  it('a missing diff id is found', async () => {
    const root = await temporaryFolder();
    await writeLayout(root, { ...shop, diffIds: [] });
    expect((await load(root)).damage).toMatchObject([{ part: 'manifest', kind: 'malformed' }]);
  });

  it('bytes that are no tar archive are found, though every digest holds', async () => {
    const root = await temporaryFolder();
    await writeLayout(root, { layers: [Buffer.from('no archive '.repeat(100))] });
    expect((await load(root)).damage).toMatchObject([{ kind: 'tar' }]);
  });

  it('an archive cut off inside its compression is found, though every digest holds', async () => {
    const root = await temporaryFolder();
    const [layer = []] = shop.layers;
    await writeLayout(join(root, 'whole'), { layers: [layer] });
    const cut = async (codec: 'gzip' | 'zstd') => {
      const image = await writeLayout(join(root, 'source'), { layers: [layer], codec });
      const packed = await readFile(blobPath(join(root, 'source'), image.layers[0] ?? ''));
      await writeLayout(join(root, codec), {
        layers: [packed.subarray(0, packed.length - 40)],
        codec: 'plain',
      });
      return (await load(root, codec)).damage[0]?.kind;
    };
    expect(await cut('gzip')).toBe('codec');
    expect(await cut('zstd')).toMatch(/codec|tar|diff-id/);
  });
});

describe('bounds', () => {
  const loadWithin = (root: string, limits: Partial<typeof layerLimits>) =>
    loadImage('oci:.', { root, limits: { ...layerLimits, ...limits } });

  it.each(['gzip', 'zstd'] as const)('a %s bomb is given up', async (codec) => {
    const root = await temporaryFolder();
    await writeLayout(root, { layers: [Buffer.alloc(64 * 1024 ** 2)], codec });
    const bomb = { unpackedBytes: 1024 ** 2 };
    expect((await loadWithin(root, bomb)).damage).toMatchObject([{ kind: 'too-large' }]);
    const dense = { ratioFreeBytes: 1024 ** 2, ratio: 50 };
    expect((await loadWithin(root, dense)).damage).toMatchObject([{ kind: 'too-large' }]);
  });

  it('entries and lengths of paths are bounded', async () => {
    const root = await temporaryFolder();
    await writeLayout(root, shop);
    expect((await loadWithin(root, { entries: 2 })).damage).toMatchObject([{ kind: 'too-large' }]);
    expect((await loadWithin(root, { pathLength: 10 })).damage).toMatchObject([
      { kind: 'too-large' },
    ]);
  });

  it('depth is bounded, so that a small layer cannot cost minutes', async () => {
    const root = await temporaryFolder();
    const layer = Array.from({ length: 60 }, (_, at) => ({
      path: `${'a/'.repeat(2000)}${at}`,
      content: '',
    }));
    await writeLayout(root, { layers: [layer] });
    expect((await loadImage('oci:.', { root })).damage).toMatchObject([
      { kind: 'too-large', message: expect.stringContaining('more than 128 names') },
    ]);
  });

  it('the bounds count for all layers together', async () => {
    const root = await temporaryFolder();
    const layer = (name: string) => [{ path: name, content: 'x'.repeat(200_000) }];
    await writeLayout(root, { layers: ['a', 'b', 'c', 'd', 'e', 'f'].map(layer) });
    const { damage } = await loadWithin(root, { unpackedBytes: 450_000 });
    expect(damage.length).toBeGreaterThan(0);
    expect(new Set(damage.map(({ kind }) => kind))).toEqual(new Set(['too-large']));
  });
});

describe('an aborted reading', () => {
  it('ends at once with the reason and leaves no thread', async () => {
    const root = await temporaryFolder();
    await writeLayout(root, { layers: [Buffer.alloc(400 * 1024 ** 2)], codec: 'gzip' });
    const controller = new AbortController();
    const reason = new Error('enough');
    const limits = { ...layerLimits, ratio: Number.POSITIVE_INFINITY };
    const reading = loadImage('oci:.', { root, signal: controller.signal, limits });
    setTimeout(() => controller.abort(reason), 150);
    const began = performance.now();
    await expect(reading).rejects.toBe(reason);
    expect(performance.now() - began).toBeLessThan(1500);
    expect(process.getActiveResourcesInfo()).not.toContain('Worker');
  });

  it('does not begin when the signal is aborted already', async () => {
    const root = await temporaryFolder();
    await writeLayout(root, shop);
    const reason = new Error('enough');
    const reading = loadImage('oci:.', { root, signal: AbortSignal.abort(reason) });
    await expect(reading).rejects.toBe(reason);
  });
});

it('reads a field as Go does: the case does not matter, the last one wins', async () => {
  const root = await temporaryFolder();
  await writeLayout(root, { ...shop, config: { User: '10001', user: '0' } });
  expect((await load(root)).config?.user).toBe('0');
});

it('relies on no config that another program may read otherwise', async () => {
  const root = await temporaryFolder();
  const config = { Healthcheck: { Test: ['NONE'] }, healthcheck: { Interval: 1 } };
  await writeLayout(root, { ...shop, config });
  expect(await load(root)).toMatchObject({
    config: null,
    damage: [{ part: 'config', kind: 'malformed' }],
  });
  const twice = '{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"os":"linux"}';
  expect(describeConfig(Buffer.from(twice), 'a.tar')).toMatchObject({
    config: null,
    damage: [{ part: 'config', kind: 'malformed' }],
  });
});

it('does not follow a digest out of the blobs', async () => {
  const root = await temporaryFolder();
  await writeIndex(root, [{ mediaType: 'm', digest: 'sha256:../../secret', size: 1 }]);
  expect(await faultOf(load(root))).toBe('image-unreadable');
});

async function flip(path: string, at = 60): Promise<void> {
  const bytes = await readFile(path);
  bytes.writeUInt8((bytes[at] ?? 0) ^ 0x10, at);
  await writeFile(path, bytes);
}
