import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/digest.ts';
import { fieldOf, objectsOf, parseObject } from '../../../src/core/json.ts';
import { simpleSigning } from '../../../src/validators/supply-chain/attached/media-types.ts';
import { simplePayload } from '../../../src/validators/supply-chain/signing/example.ts';
import {
  bundled,
  bundleType,
  enveloped,
  pairOf,
  signed,
  statementOf,
} from '../../../src/validators/supply-chain/signing/testing.ts';
import { ownRepository } from '../../adapters/registry/setup.ts';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { type Act, faultProxy } from '../../systems/fault-proxy.ts';
import { pushArtifact, pushIndex, pushReferrers, pushTestImage } from '../../systems/images.ts';

const bed = await systems('registry');
const host = bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '';
const rule = 'supply-chain/signature';
const own = pairOf('ECDSA P-256');
const other = pairOf('ECDSA P-256', 'somebody.pub');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-signatures-'));
  for (const { trusted } of [own, other]) await writeFile(join(folder, trusted.file), trusted.pem);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the rule says of an image of the registry, and the exit code. */
async function said(
  repository: string,
  { address = host, keys = ['release.pub'], tag = '1' } = {},
) {
  const args = keys.flatMap((key) => ['--key', key]);
  const name = `registry:${address}/${repository}:${tag}`;
  const { stdout, exitCode } = await deploycheck(
    ['validate', 'image', name, ...args, '--format', 'json', '--no-cache'],
    { cwd: folder },
  );
  const record = parseObject(stdout);
  const ofRule = (field: string) =>
    objectsOf(fieldOf(record, field)).filter(({ check }) => check === rule);
  return {
    exitCode,
    outcome: ofRule('outcomes')[0]?.outcome,
    found: ofRule('findings').map(({ messageId }) => messageId),
    open: objectsOf(fieldOf(record, 'notExamined')).map(({ why }) => String(why)),
    checks: objectsOf(fieldOf(record, 'outcomes')).map(({ check }) => String(check)),
  };
}
const passed = { outcome: 'pass', found: [], open: [] };

const layerOf = (digest: string, { privateKey } = own) => {
  const bytes = simplePayload(digest, 'registry.example/shop');
  const annotations = { 'dev.cosignproject.cosign/signature': signed(bytes, privateKey) };
  return { mediaType: simpleSigning, bytes, annotations };
};
const tagOf = (digest: string) => `${digest.replace(':', '-')}.sig`;

describe.skipIf(!bed)('a signature in a registry', () => {
  const pushed = async () => {
    const repository = ownRepository();
    return { repository, image: await pushTestImage(host, repository, '1') };
  };
  const signedBy = async (...pairs: (typeof own)[]) => {
    const { repository, image } = await pushed();
    const layers = pairs.map((pair) => layerOf(image, pair));
    await pushArtifact(host, repository, { tag: tagOf(image), layers });
    return { repository, image };
  };
  /** Pushes what refers to the image, and lists it by the tag that stands for the interface. */
  const referred = async (
    make: (image: string, manifest: Uint8Array) => Promise<Parameters<typeof pushArtifact>[2]>,
  ) => {
    const { repository, image } = await pushed();
    const response = await fetch(`http://${host}/v2/${repository}/manifests/${image}`, {
      headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
    });
    const plan = await make(image, new Uint8Array(await response.arrayBuffer()));
    const one = await pushArtifact(host, repository, { ...plan, subject: image });
    await pushReferrers(host, repository, image, [one]);
    return repository;
  };
  const bundle = (content: object) => ({
    artifactType: bundleType,
    layers: [{ mediaType: bundleType, bytes: JSON.stringify(bundled(content)) }],
  });

  it('is found by its tag, and nothing but it is asked without evidence', async () => {
    const { repository } = await signedBy(other, own);
    const { checks, ...result } = await said(repository);
    expect(result).toMatchObject(passed);
    expect(checks.filter((check) => check.startsWith('supply-chain/'))).toEqual([rule]);
  });

  it.each(['ECDSA P-384', 'RSA 2048', 'Ed25519'] as const)('holds of %s', async (kind) => {
    const pair = pairOf(kind, `${kind.replace(' ', '-')}.pub`);
    await writeFile(join(folder, pair.trusted.file), pair.trusted.pem);
    const { repository } = await signedBy(pair);
    expect(await said(repository, { keys: [pair.trusted.file] })).toMatchObject(passed);
    expect(await said(repository)).toMatchObject({ found: ['other-key'], exitCode: 1 });
  });

  it('is found among what refers to the image', async () => {
    const artifactType = 'application/vnd.dev.cosign.artifact.sig.v1+json';
    const repository = await referred(async (image) => ({
      artifactType,
      layers: [layerOf(image)],
    }));
    expect(await said(repository)).toMatchObject(passed);
  });

  it('is found in a bundle, as a statement or over the manifest', async () => {
    const statement = await referred(async (image) =>
      bundle({ dsseEnvelope: enveloped(statementOf(image), own.privateKey) }),
    );
    expect(await said(statement)).toMatchObject(passed);
    const message = (bytes: (manifest: Uint8Array) => Uint8Array) =>
      referred(async (_, manifest) => {
        const digest = Buffer.from(sha256(manifest).slice('sha256:'.length), 'hex');
        const messageDigest = { algorithm: 'SHA2_256', digest: digest.toString('base64') };
        const signature = signed(bytes(manifest), own.privateKey);
        return bundle({ messageSignature: { messageDigest, signature } });
      });
    expect(await said(await message((manifest) => manifest))).toMatchObject(passed);
    expect(await said(await message((manifest) => manifest.slice(1)))).toMatchObject({
      found: ['other-key'],
    });
  });

  it('of an index holds for the image of it', async () => {
    const { repository, image } = await pushed();
    const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
    const entries = [{ os: 'linux', architecture, digest: image }];
    const index = await pushIndex(host, repository, 'all', entries);
    await pushArtifact(host, repository, { tag: tagOf(index), layers: [layerOf(index)] });
    expect(await said(repository, { tag: 'all' })).toMatchObject(passed);
    expect(await said(repository)).toMatchObject({ found: ['unsigned'], exitCode: 1 });
  });

  it('is missed', async () => {
    const { repository } = await pushed();
    expect(await said(repository)).toMatchObject({ found: ['unsigned'], exitCode: 1 });
  });

  it('by another key, or about another image, is told', async () => {
    const { repository } = await signedBy(other);
    expect(await said(repository)).toMatchObject({ found: ['other-key'], exitCode: 1 });
    expect(await said(repository, { keys: ['release.pub', 'somebody.pub'] })).toMatchObject(passed);
    const { repository: wrong, image } = await pushed();
    const layers = [layerOf(sha256('yesterday'))];
    await pushArtifact(host, wrong, { tag: tagOf(image), layers });
    expect(await said(wrong)).toMatchObject({ found: ['other-image'], exitCode: 1 });
  });

  it.each<[string, RegExp, Act]>([
    ['its tag is denied', /\.sig$/, { answer: 403 }],
    ['its list is denied', /referrers\//, { answer: 401 }],
    ['the registry breaks down', /\.sig$/, { answer: 500, headers: { 'retry-after': '86400' } }],
    ['the registry is none', /referrers\//, { answer: 418 }],
  ])('is not called missing when %s', async (_, which, act) => {
    const { repository } = await pushed();
    await using proxy = await faultProxy(host, ({ url = '' }) =>
      which.test(url) ? act : undefined,
    );
    const { outcome, found, open } = await said(repository, { address: proxy.address });
    expect({ outcome, found }).toEqual({ outcome: 'inconclusive', found: [] });
    expect(open).toContain('not all that is attached to it could be read');
  });

  it('holds although other ways to it are closed', async () => {
    const { repository } = await signedBy(own);
    await using proxy = await faultProxy(host, ({ url = '' }) =>
      url.includes('/referrers/') ? { answer: 403 } : undefined,
    );
    expect(await said(repository, { address: proxy.address })).toMatchObject({
      outcome: 'pass',
      found: [],
    });
  });
});
