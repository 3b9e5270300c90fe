import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { pushManifest } from '../../../scripts/testbed/images.ts';
import { isDigest, sha256 } from '../../../src/core/digest.ts';
import { packageFile } from '../../../src/core/package-root.ts';
import { systems } from '../../systems/bed.ts';
import { type Act, faultProxy } from '../../systems/fault-proxy.ts';
import { pushIndex, pushLayout, pushTestImage } from '../../systems/images.ts';
import { bytesOf, named, openRegistry, ownRepository } from './setup.ts';

const bed = await systems('engine', 'registry');
const { signal } = new AbortController();
const host = bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '';
const { registry } = await openRegistry();

function digestOf(text: string) {
  if (!isDigest(text)) throw new Error(`${text} is no digest`);
  return text;
}

describe.skipIf(!bed)('a registry', () => {
  it('gives manifest, config and layers of an image as they were pushed', async () => {
    const repository = ownRepository();
    const folder = packageFile('examples/shop/build/v1/image');
    const digest = digestOf(await pushLayout(folder, host, repository, '1'));
    const reference = named(host, repository, { tag: '1' });

    const manifest = await registry.manifest(reference, signal);
    expect(manifest).toMatchObject({ digest, isIndex: false });
    expect(sha256(manifest?.bytes ?? '')).toBe(digest);
    expect(await registry.resolve(reference, signal)).toEqual({
      digest,
      mediaType: manifest?.mediaType,
      size: manifest?.bytes.length,
      annotations: {},
    });
    expect(await registry.manifest(named(host, repository, { digest }), signal)).toEqual(manifest);

    const json = JSON.parse(Buffer.from(manifest?.bytes ?? '').toString());
    const config = manifest && (await registry.config(reference, manifest, signal));
    expect(sha256(config ?? '')).toBe(json.config.digest);
    for (const layer of json.layers) {
      const stream = await registry.blob(reference, layer, signal);
      expect(sha256(await bytesOf(stream))).toBe(layer.digest);
    }
  });

  it('gives the digest and size that docker sees', async () => {
    const repository = ownRepository();
    await pushTestImage(host, repository, '1');
    const seen = await registry.resolve(named(host, repository, { tag: '1' }), signal);
    const inspect = ['manifest', 'inspect', '--insecure', '--verbose', `${host}/${repository}:1`];
    const { Descriptor } = JSON.parse(execFileSync('docker', inspect, { encoding: 'utf8' }));
    expect({ digest: seen?.digest, size: seen?.size, mediaType: seen?.mediaType }).toEqual({
      digest: Descriptor.digest,
      size: Descriptor.size,
      mediaType: Descriptor.mediaType,
    });
  });

  it('takes latest when a reference says neither tag nor digest, and the digest before the tag', async () => {
    const repository = ownRepository();
    const latest = digestOf(await pushTestImage(host, repository, 'latest'));
    const other = digestOf(await pushTestImage(host, repository, '2', { config: { User: '7' } }));
    expect(other).not.toBe(latest);
    expect(await registry.resolve(named(host, repository), signal)).toMatchObject({
      digest: latest,
    });
    const both = named(host, repository, { tag: 'latest', digest: other });
    expect(await registry.resolve(both, signal)).toMatchObject({ digest: other });
  });

  it('knows nothing of what is not there', async () => {
    const repository = ownRepository();
    const digest = digestOf(await pushTestImage(host, repository, '1'));
    const absent = `sha256:${'0'.repeat(64)}` as const;
    const nowhere = named(host, `${repository}/none`, { tag: '1' });
    expect(await registry.resolve(named(host, repository, { tag: '2' }), signal)).toBeUndefined();
    expect(await registry.manifest(named(host, repository, { tag: '2' }), signal)).toBeUndefined();
    expect(await registry.resolve(nowhere, signal)).toBeUndefined();
    expect(await registry.tags(nowhere, signal)).toBeUndefined();
    expect(await registry.blob(nowhere, { digest: absent }, signal)).toBeUndefined();
    expect(await registry.referrers(nowhere, digest, {}, signal)).toEqual([]);
  });

  it('chooses the image of a platform from an index', async () => {
    const repository = ownRepository();
    // One after the other: they share a layer, and a registry may trip over two uploads of one blob.
    const push = (User: string) => pushTestImage(host, repository, User, { config: { User } });
    const [one, two, three] = [await push('1'), await push('2'), await push('3')];
    const index = await pushIndex(host, repository, 'all', [
      { os: 'linux', architecture: 'arm', variant: 'v6', digest: one },
      { os: 'linux', architecture: 'arm', variant: 'v7', digest: two },
      { os: 'linux', architecture: 'amd64', digest: three },
      {
        os: 'unknown',
        architecture: 'unknown',
        digest: one,
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      },
    ]);
    const whole = await registry.manifest(named(host, repository, { tag: 'all' }), signal);
    if (!whole) throw new Error('not there');
    expect(whole).toMatchObject({ digest: index, isIndex: true });
    const chosen = (architecture: string, variant?: string) =>
      registry.platform(whole, { os: 'linux', architecture, ...(variant && { variant }) })?.digest;
    expect(chosen('amd64')).toBe(three);
    expect(chosen('arm')).toBe(two);
    expect(chosen('arm', 'v6')).toBe(one);
    expect(chosen('arm', 'v5')).toBeUndefined();
    expect(chosen('s390x')).toBeUndefined();
    const image = await registry.manifest(named(host, repository, { tag: '3' }), signal);
    expect(image && registry.platform(image, { os: 'linux', architecture: 'any' })).toBe(image);
  });

  it('lists tags', async () => {
    const repository = ownRepository();
    for (const tag of ['b', 'a', 'c']) await pushTestImage(host, repository, tag);
    const tags = await registry.tags(named(host, repository), signal);
    expect([...(tags ?? [])].sort()).toEqual(['a', 'b', 'c']);
  });

  it('lists tags over pages', async () => {
    await using proxy = await faultProxy(host, ({ url }) => {
      const page = /tags\/list(?:\?last=(\w))?$/.exec(url ?? '');
      if (!page) return undefined;
      const last = page[1] ?? '';
      const links = new Map([
        ['', '</v2/x/tags/list?last=a>; rel="next"'],
        ['a', '<tags/list?last=b>; rel=next'],
      ]);
      const link = links.get(last);
      return {
        answer: 200,
        ...(link !== undefined && { headers: { link } }),
        body: JSON.stringify({ tags: [`after${last}`] }),
      };
    });
    expect(await registry.tags(named(proxy.address, 'x'), signal)).toEqual([
      'after',
      'aftera',
      'afterb',
    ]);
    expect(proxy.requests).toHaveLength(3);
  });

  const more = { link: '</v2/x/tags/list?last=a>; rel="next"' };
  it.each<[string, Act, Act | undefined, RegExp]>([
    ['is a page for people', { answer: 200, body: '<html></html>' }, undefined, /without a list/],
    ['is cut off', { answer: 200, body: '{"tags":["a"' }, undefined, /without a list/],
    ['is of something else', { answer: 200, body: '{"errors":[]}' }, undefined, /without a list/],
    [
      'goes on elsewhere',
      { answer: 200, headers: { link: '<http://127.0.0.1:1/>; rel="next"' }, body: '{"tags":[]}' },
      undefined,
      /another place/,
    ],
    [
      'has no second page',
      { answer: 200, headers: more, body: '{"tags":["a"]}' },
      { answer: 404 },
      /breaks off/,
    ],
  ])('takes no list for whole that %s', async (_, page, after, message) => {
    await using proxy = await faultProxy(host, ({ url }) => {
      if (!/tags\/list/.test(url ?? '')) return undefined;
      return /last=a/.test(url ?? '') ? after : page;
    });
    await expect(registry.tags(named(proxy.address, 'x'), signal)).rejects.toMatchObject({
      code: 'registry-failed',
      message: expect.stringMatching(message),
    });
  });

  it('takes no page for people for a list of referrers', async () => {
    await using proxy = await faultProxy(host, ({ url }) =>
      url?.includes('/referrers/') ? { answer: 200, body: '<html></html>' } : undefined,
    );
    const at = named(proxy.address, 'x');
    await expect(registry.referrers(at, sha256('subject'), {}, signal)).rejects.toMatchObject({
      code: 'registry-failed',
    });
  });

  const referrer = (type: string) => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: sha256(type),
    size: 3,
    artifactType: type,
  });
  const referring = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [referrer('application/spdx+json'), referrer('application/vnd.example.signature')],
  });

  it('lists referrers by the tag schema where the registry has no interface for them', async () => {
    const repository = ownRepository();
    const digest = digestOf(await pushTestImage(host, repository, '1'));
    expect(await registry.referrers(named(host, repository), digest, {}, signal)).toEqual([]);
    const empty = JSON.parse(referring);
    // The server refuses an index of manifests it does not have.
    empty.manifests = [
      {
        ...referrer('application/spdx+json'),
        digest,
        size: (await registry.resolve(named(host, repository, { tag: '1' }), signal))?.size,
      },
    ];
    await pushManifest(
      `http://${host}`,
      repository,
      digest.replace(':', '-'),
      JSON.stringify(empty),
      empty.mediaType,
    );
    expect(await registry.referrers(named(host, repository), digest, {}, signal)).toMatchObject([
      { digest, artifactType: 'application/spdx+json' },
    ]);
  });

  it('lists referrers by the interface, of one type if wanted', async () => {
    await using proxy = await faultProxy(host, ({ url }) =>
      url?.includes('/referrers/') ? { answer: 200, body: referring } : undefined,
    );
    const subject = sha256('subject');
    const at = named(proxy.address, 'x');
    expect(await registry.referrers(at, subject, {}, signal)).toHaveLength(2);
    const artifactType = 'application/spdx+json';
    expect(await registry.referrers(at, subject, { artifactType }, signal)).toEqual([
      { ...referrer(artifactType), annotations: {} },
    ]);
  });

  it('is asked for the manifest when it does not tell the digest', async () => {
    const repository = ownRepository();
    const digest = await pushTestImage(host, repository, '1');
    await using proxy = await faultProxy(host, ({ method }) =>
      method === 'HEAD' ? { answer: 200 } : undefined,
    );
    const at = named(proxy.address, repository, { tag: '1' });
    expect(await registry.resolve(at, signal)).toMatchObject({ digest });
  });
});
