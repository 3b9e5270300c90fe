import { beforeAll, describe, expect, it } from 'vitest';
import { pushManifest } from '../../../scripts/testbed/images.ts';
import { sha256 } from '../../../src/core/digest.ts';
import { createScope } from '../../../src/core/scope.ts';
import { load } from '../../../src/validators/image/testing.ts';
import { attachedDocuments } from '../../../src/validators/supply-chain/load.ts';
import { openRegistry, ownRepository } from '../../adapters/registry/setup.ts';
import { systems } from '../../systems/bed.ts';
import { type Act, faultProxy } from '../../systems/fault-proxy.ts';
import {
  type ArtifactPlan,
  indexOf,
  pushArtifact,
  pushIndex,
  pushReferrers,
  pushTestImage,
} from '../../systems/images.ts';

const bed = await systems('registry');
const host = bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '';
const { registry } = await openRegistry();
const inToto = 'application/vnd.in-toto+json';
const cyclone = 'application/vnd.cyclonedx+json';
const other = sha256('another image');

/** What is attached to an image of a registry at an address, and what of that could not be read. */
async function attachedTo(repository: string, which: string, address = host) {
  const name = `registry:${address}/${repository}${which}`;
  const image = await load(name, { root: '/' });
  await using scope = createScope();
  const documents = await attachedDocuments(image, {
    ...{ root: '/', scope, signal: new AbortController().signal },
    systems: { registry: async () => registry },
  });
  return {
    formats: documents
      .flatMap(({ format, holes }) => (holes.length > 0 ? [] : [format]))
      .toSorted(),
    subjects: new Set(documents.flatMap(({ subject }) => subject?.names.map((one) => one.digest))),
    holes: documents.flatMap(({ holes }) => holes),
  };
}

const statement = (digest: string, predicateType = 'https://slsa.dev/provenance/v1') =>
  JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    predicateType,
    subject: [{ name: 'shop', digest: { sha256: digest.slice('sha256:'.length) } }],
    predicate: { runDetails: { builder: { id: 'https://ci.example' } } },
  });
const envelope = (digest: string) =>
  JSON.stringify({
    payloadType: inToto,
    payload: Buffer.from(statement(digest)).toString('base64'),
    signatures: [],
  });
const bom = JSON.stringify({
  ...{ bomFormat: 'CycloneDX', specVersion: '1.6' },
  components: [{ type: 'library', name: 'express', version: '5.1.0' }],
});

describe.skipIf(!bed)('what is attached to an image of a registry', () => {
  let repository: string;
  let image: string;
  beforeAll(async () => {
    repository = ownRepository();
    image = await pushTestImage(host, repository, '1');
  });
  const push = (plan: ArtifactPlan) => pushArtifact(host, repository, plan);
  const document = (mediaType: string, bytes: string, more: Partial<ArtifactPlan> = {}) => ({
    ...{ artifactType: mediaType, layers: [{ mediaType, bytes }] },
    ...more,
  });
  /** Lists referrers of the image for one test, by the interface. */
  const proxied = (list: readonly object[]) =>
    faultProxy(host, ({ url }) =>
      url?.includes(`/referrers/${image}`) ? { answer: 200, body: indexOf(list) } : undefined,
    );

  it('is nothing where nothing refers to it', async () => {
    expect(await attachedTo(repository, ':1')).toMatchObject({ formats: [], holes: [] });
  });

  it('is found by the interface and read by what it says', async () => {
    const list = [
      await push(document(inToto, statement(image), { subject: image })),
      await push(document(cyclone, bom, { subject: image })),
      await push({
        ...{ subject: image, artifactType: cyclone },
        layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', bytes: `${bom} ` }],
      }),
      await push(document('application/vnd.example.chart', 'no evidence', { subject: image })),
      await push(document('application/json', '{"any": "thing"}', { subject: image })),
    ];
    await using proxy = await proxied(list);
    expect(await attachedTo(repository, ':1', proxy.address)).toEqual({
      formats: ['CycloneDX', 'CycloneDX', 'in-toto attestation'],
      subjects: new Set([image]),
      holes: [],
    });
  });

  it('is found by the tag that stands for the interface, and by those of cosign', async () => {
    const own = ownRepository();
    const digest = await pushTestImage(host, own, '1');
    const listed = await pushArtifact(
      host,
      own,
      document(inToto, statement(digest), { subject: digest }),
    );
    await pushReferrers(host, own, digest, [listed]);
    const tag = (suffix: string) => `${digest.replace(':', '-')}.${suffix}`;
    const dsse = 'application/vnd.dsse.envelope.v1+json';
    await pushArtifact(host, own, document(dsse, envelope(digest), { tag: tag('att') }));
    await pushArtifact(host, own, document(cyclone, bom, { tag: tag('sbom') }));
    expect(await attachedTo(own, ':1')).toEqual({
      formats: ['CycloneDX', 'in-toto attestation', 'in-toto attestation'],
      subjects: new Set([digest]),
      holes: [],
    });
  });

  it('is found in the index, where BuildKit says which image it is about', async () => {
    const mine = await push(document(inToto, statement(image)));
    const foreign = await push(document(inToto, statement(other)));
    const about = (digest: string) => ({
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': digest,
    });
    const unknown = { os: 'unknown', architecture: 'unknown' };
    const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
    await pushIndex(host, repository, 'built', [
      { os: 'linux', architecture, digest: image },
      { ...unknown, digest: mine.digest, annotations: about(image) },
      { ...unknown, digest: foreign.digest, annotations: about(other) },
    ]);
    expect(await attachedTo(repository, ':built')).toMatchObject({
      formats: ['in-toto attestation'],
      subjects: new Set([image]),
      holes: [],
    });
  });

  it('keeps to the image that it names, where it names another', async () => {
    await using proxy = await proxied([
      await push(document(inToto, statement(other), { subject: image })),
    ]);
    const { subjects } = await attachedTo(repository, ':1', proxy.address);
    expect(subjects).toEqual(new Set([other]));
  });

  it('does not count where only the list says that it refers to it', async () => {
    const list = [
      await push(document(inToto, statement(image), { subject: other })),
      await push(document(inToto, statement(image, 'https://example.com/bare'))),
    ];
    await using proxy = await proxied(list);
    const { formats, holes } = await attachedTo(repository, ':1', proxy.address);
    expect(formats).toEqual([]);
    expect(holes).toEqual([
      expect.stringContaining(`refers to ${other}`),
      expect.stringContaining('refers to nothing'),
    ]);
  });

  it('does not count where the registry lists what it does not have', async () => {
    const absent = { mediaType: 'application/vnd.oci.image.manifest.v1+json', size: 2 };
    await using proxy = await proxied([
      { ...absent, digest: other },
      await push(document(cyclone, bom, { subject: image })),
    ]);
    const { formats, holes } = await attachedTo(repository, ':1', proxy.address);
    expect(formats).toEqual(['CycloneDX']);
    expect(holes).toEqual([expect.stringContaining('does not have it')]);
  });

  it.each<[string, RegExp, Act, RegExp]>([
    ['the blob is missing', /blobs\//, { answer: 404 }, /does not have the blob/],
    ['the blob was altered', /blobs\//, { alterAt: 3 }, /do not have the digest/],
    ['the blob is longer', /blobs\//, { answer: 200, body: 'x'.repeat(4096) }, /more than the/],
    ['the manifest was altered', /manifests\/sha256:/, { alterAt: 3 }, /does not have the digest/],
    ['the list is denied', /referrers\//, { answer: 401 }, /refuses .* \(401\)/],
    ['the list is forbidden', /referrers\//, { answer: 403 }, /refuses .* \(403\)/],
    [
      'the list is endless',
      /referrers\//,
      { answer: 200, body: ' '.repeat(5e6) },
      /more than \d+ bytes/,
    ],
    ['the tags are denied', /\.att$/, { answer: 403 }, /refuses .* \(403\)/],
  ])('says that it was not read when %s', async (_, which, act, why) => {
    const one = await push(document(cyclone, `${bom}\n`, { subject: image }));
    // The manifest, config and layers of the image itself are read before.
    const { layers, config } = await imageBlobs(repository);
    await using proxy = await faultProxy(host, ({ url = '' }) => {
      const isOwn = [image, config, ...layers].some((digest) => url.includes(digest));
      if (which.test(url) && (!isOwn || /referrers|\.att$/.test(url))) return act;
      return url.includes('/referrers/') ? { answer: 200, body: indexOf([one]) } : undefined;
    });
    const { holes } = await attachedTo(repository, ':1', proxy.address);
    expect(holes).toEqual([expect.stringMatching(why)]);
  });

  it('is not fetched where it is larger than a document may be', async () => {
    const size = 65 * 1024 * 1024;
    const digest = sha256('never sent');
    const manifest = JSON.stringify({
      ...{ schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json' },
      ...{ artifactType: cyclone, subject: { digest: image }, config: {} },
      layers: [{ mediaType: cyclone, digest, size }],
    });
    const one = { mediaType: 'application/vnd.oci.image.manifest.v1+json', size: manifest.length };
    await using proxy = await faultProxy(host, ({ url = '' }) => {
      if (url.includes('/referrers/')) {
        return { answer: 200, body: indexOf([{ ...one, digest: sha256(manifest) }]) };
      }
      const headers = { 'content-type': one.mediaType };
      return url.includes(sha256(manifest)) ? { answer: 200, headers, body: manifest } : undefined;
    });
    const { holes } = await attachedTo(repository, ':1', proxy.address);
    expect(holes).toEqual([expect.stringContaining(`it has ${size} bytes`)]);
    expect(proxy.requests.some(({ line }) => line.includes(digest))).toBe(false);
  });

  it('is read up to a number, and the rest is said not to be', async () => {
    const one = await push(document(cyclone, bom, { subject: image }));
    const many = Array.from({ length: 150 }, (_, at) => ({ ...one, digest: sha256(String(at)) }));
    await using proxy = await proxied([one, ...many]);
    const { holes } = await attachedTo(repository, ':1', proxy.address);
    expect(holes[0]).toContain('100 are read');
    expect(holes).toHaveLength(100);
  });

  it('is nothing where a tag of cosign names an empty index', async () => {
    const own = ownRepository();
    const digest = await pushTestImage(host, own, '1');
    const tag = digest.replace(':', '-');
    await pushManifest(
      `http://${host}`,
      own,
      `${tag}.sbom`,
      indexOf([]),
      'application/vnd.oci.image.index.v1+json',
    );
    expect(await attachedTo(own, ':1')).toMatchObject({ formats: [], holes: [] });
  });
});

async function imageBlobs(repository: string) {
  const response = await fetch(`http://${host}/v2/${repository}/manifests/1`, {
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  const manifest: { config: { digest: string }; layers: { digest: string }[] } = JSON.parse(
    await response.text(),
  );
  return { config: manifest.config.digest, layers: manifest.layers.map(({ digest }) => digest) };
}
