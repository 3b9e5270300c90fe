import { execFileSync } from 'node:child_process';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, PullProgress } from '../../../src/adapters/docker/docker.ts';
import { packageFile } from '../../../src/core/package-root.ts';
import { systems } from '../../systems/bed.ts';
import { pushLayout, pushTestImage } from '../../systems/images.ts';
import { docker, dockerJson, openAt } from './setup.ts';

const bed = await systems('engine', 'registry');
const { signal } = new AbortController();
const host = bed?.('DOCKER_HOST') ?? '';
const registry = bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '';

const repository = `tests/i${crypto.randomUUID().slice(0, 13)}`;
const image = `${registry}/${repository}:1`;
let engine: Engine;
let digest: string;

beforeAll(async () => {
  if (!bed) return;
  engine = await openAt(host);
  digest = await pushTestImage(registry, repository, '1', {
    files: [{ path: 'data/', mode: 0o755 }],
    config: {
      User: '1000:1000',
      Env: ['PATH=/bin', 'TOKEN=a secret'],
      Entrypoint: ['/bin/sh'],
      Cmd: ['-c', 'echo hello'],
      ExposedPorts: { '8080/tcp': {}, '53/udp': {} },
      Volumes: { '/data': {} },
      Labels: { one: '1' },
      StopSignal: 'SIGINT',
      Healthcheck: { Test: ['CMD', '/bin/cat'] },
    },
  });
  await engine.pull(image, {}, signal);
});
afterAll(async () => {
  if (bed) await engine.removeImage(image, signal);
});

describe.skipIf(!bed)('an image of the engine', () => {
  it('is inspected as docker does', async () => {
    const seen = await engine.inspectImage(image, signal);
    const { Id, RepoTags, RepoDigests, Size, Architecture, Os, Created, RootFS, Config } =
      dockerJson(host, 'image', 'inspect', image);
    expect(seen).toEqual({
      id: Id,
      repoTags: RepoTags,
      repoDigests: RepoDigests,
      size: Size,
      architecture: Architecture,
      os: Os,
      created: Created,
      diffIds: RootFS.Layers,
      config: {
        user: '1000:1000',
        environmentNames: ['PATH', 'TOKEN'],
        entrypoint: Config.Entrypoint,
        cmd: Config.Cmd,
        exposedPorts: ['53/udp', '8080/tcp'],
        healthcheck: { test: ['CMD', '/bin/cat'] },
        labels: Config.Labels,
        volumes: ['/data'],
        stopSignal: 'SIGINT',
      },
    });
    expect(seen?.repoDigests).toEqual([`${registry}/${repository}@${digest}`]);
    expect(await engine.inspectImage(Id, signal)).toEqual(seen);
    expect(await engine.inspectImage(`${registry}/${repository}@${digest}`, signal)).toEqual(seen);
  });

  it('that is not there is undefined', async () => {
    for (const absent of [
      `${registry}/${repository}:none`,
      `sha256:${'0'.repeat(64)}`,
      'no-such-image',
    ]) {
      expect(await engine.inspectImage(absent, signal)).toBeUndefined();
      expect(await engine.saveImage(absent, signal)).toBeUndefined();
      expect(await engine.removeImage(absent, signal)).toBe(false);
    }
  });

  it('is asked for by a reference only, never by another path of the interface', async () => {
    for (const text of ['../containers', 'a b', 'Image', 'x?y', '']) {
      await expect(engine.inspectImage(text, signal)).rejects.toMatchObject({
        code: 'reference-invalid',
      });
      await expect(engine.saveImage(text, signal)).rejects.toMatchObject({
        code: 'reference-invalid',
      });
      await expect(engine.pull(text, {}, signal)).rejects.toMatchObject({
        code: 'reference-invalid',
      });
    }
  });
});

describe.skipIf(!bed)('an archive', () => {
  it('is what docker saves, and comes back as the same image', async () => {
    const name = `${registry}/${repository}:saved`;
    docker(host, 'tag', image, name);
    const before = await engine.inspectImage(name, signal);
    const archive = await buffer((await engine.saveImage(name, signal)) ?? Readable.from([]));
    const names = (input: Buffer) => execFileSync('tar', ['-t'], { input, encoding: 'utf8' });
    const saved = execFileSync('docker', ['--host', host, 'save', name], { maxBuffer: 1e9 });
    expect(names(archive)).toBe(names(saved));

    expect(await engine.removeImage(name, signal)).toBe(true);
    expect(await engine.inspectImage(name, signal)).toBeUndefined();
    expect(await engine.loadImage(Readable.from([archive]), signal)).toEqual([name]);
    expect((await engine.inspectImage(name, signal))?.id).toBe(before?.id);
    docker(host, 'rmi', name);
  });

  it('that is none, or cut off, is refused with the engine’s words', async () => {
    for (const bytes of ['no tar at all', Buffer.alloc(700, 1)]) {
      const archive = Readable.from([bytes]);
      await expect(engine.loadImage(archive, signal)).rejects.toMatchObject({
        code: 'engine-failed',
        message: expect.stringMatching(/did not load|answers 500/),
      });
      expect(archive.destroyed).toBe(true);
    }
  });

  it('whose source breaks ends the request with the source’s error', async () => {
    const archive = new PassThrough();
    archive.write(Buffer.alloc(512));
    const loading = engine.loadImage(archive, signal);
    const broken = new Error('the disk is gone');
    archive.destroy(broken);
    await expect(loading).rejects.toBe(broken);
  });
});

describe.skipIf(!bed)('a pull', () => {
  it('gives the image of the digest, and tells how far it is', async () => {
    const name = `tests/i${crypto.randomUUID().slice(0, 13)}`;
    const folder = packageFile('examples/shop/build/v1/image');
    const pushed = await pushLayout(folder, registry, name, '1');
    const seen: PullProgress[] = [];
    const reference = `${registry}/${name}@${pushed}`;
    expect(await engine.pull(reference, { onProgress: (one) => seen.push(one) }, signal)).toBe(
      true,
    );
    expect((await engine.inspectImage(reference, signal))?.repoDigests).toContain(reference);
    expect(seen.some(({ id, bytes, total }) => id !== '' && bytes !== undefined && total)).toBe(
      true,
    );
    expect(seen.map(({ status }) => status)).toContain(`Digest: ${pushed}`);
    await engine.removeImage(reference, signal);
  });

  it('of what the registry does not have is false', async () => {
    expect(await engine.pull(`${registry}/${repository}:none`, {}, signal)).toBe(false);
    expect(await engine.pull(`${registry}/${repository}/none`, {}, signal)).toBe(false);
  });

  it('from where nobody answers says so', async () => {
    await expect(engine.pull('127.0.0.1:1/web:1', {}, signal)).rejects.toMatchObject({
      code: 'registry-unreachable',
      message: expect.stringMatching(/^127\.0\.0\.1:1, from Docker Engine at unix:/),
    });
  });
});
