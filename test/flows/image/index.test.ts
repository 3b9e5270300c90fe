import { describe, expect, it } from 'vitest';
import { load } from '../../../src/validators/image/testing.ts';
import { ownRepository } from '../../adapters/registry/setup.ts';
import { systems } from '../../systems/bed.ts';
import { pushIndex, pushTestImage } from '../../systems/images.ts';

const bed = await systems('registry');
const host = bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '';
const amd64 = { os: 'linux', architecture: 'amd64' };
const arm64 = { os: 'linux', architecture: 'arm64' };
const root = '.';

describe.skipIf(!bed)('what a registry says of a reference', () => {
  it('is which platforms there are images for', async () => {
    const repository = ownRepository();
    const digest = await pushTestImage(host, repository, '1');
    await pushIndex(host, repository, 'all', [
      { ...amd64, digest },
      { ...arm64, digest },
      { os: 'unknown', architecture: 'unknown', digest },
    ]);
    const all = await load(`registry:${host}/${repository}:all`, { root, platform: amd64 });
    expect(all.platforms).toEqual([amd64, arm64]);
    expect((await load(`registry:${host}/${repository}:1`, { root })).platforms).toEqual([]);
  });

  it('is whether a tag still means the digest beside it', async () => {
    const repository = ownRepository();
    const name = (tag: string, digest: string) => `registry:${host}/${repository}:${tag}@${digest}`;
    const tagOf = async (reference: string) => (await load(reference, { root })).tag;
    const digest = await pushTestImage(host, repository, '1', { config: { User: '1' } });
    expect(await tagOf(name('1', digest))).toMatchObject({ found: digest, agrees: true });

    const index = await pushIndex(host, repository, 'all', [{ ...amd64, digest }]);
    expect(await tagOf(name('all', digest))).toMatchObject({ found: index, agrees: true });

    const other = await pushTestImage(host, repository, '1', { config: { User: '2' } });
    expect(other).not.toBe(digest);
    expect(await tagOf(name('1', digest))).toMatchObject({ tag: '1', found: other, agrees: false });
    expect(await tagOf(name('never', digest))).toMatchObject({ found: null, agrees: false });

    expect(await tagOf(`registry:${host}/${repository}@${digest}`)).toBeUndefined();
    expect(await tagOf(`registry:${host}/${repository}:1`)).toBeUndefined();
  });
});
