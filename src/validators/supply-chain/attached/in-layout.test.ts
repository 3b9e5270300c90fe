import { rm, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createScope } from '../../../core/scope.ts';
import {
  blobPath,
  load,
  systemsAt,
  temporaryFolder,
  writeImage,
  writeIndex,
  writeJson,
} from '../../image/testing.ts';
import { attachedDocuments } from '../load.ts';

const options = {
  signal: new AbortController().signal,
  scope: createScope(),
  systems: systemsAt('unix:///no-such-folder/docker.sock'),
};
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';
const other = `sha256:${'9'.repeat(64)}`;

const statement = (subject: string, name = 'shop') => ({
  _type: 'https://in-toto.io/Statement/v0.1',
  predicateType: 'https://slsa.dev/provenance/v0.2',
  subject: [{ name, digest: { sha256: subject.slice('sha256:'.length) } }],
  predicate: { builder: { id: 'https://ci.example' } },
});

/** A manifest of one document. */
async function artifact(folder: string, type: string, document: unknown, more: object = {}) {
  const layer = await writeJson(folder, type, document);
  const config = await writeJson(folder, 'application/vnd.oci.empty.v1+json', {});
  const manifest = { schemaVersion: 2, artifactType: type, config, layers: [layer], ...more };
  return { layer, descriptor: await writeJson(folder, manifestType, manifest) };
}

const sample = (folder: string) =>
  writeImage(folder, { layers: [[{ path: 'a' }]], config: { Cmd: ['/a'] } });

/** An index of an image with its statement and of a statement about another, as BuildKit writes it. */
async function built() {
  const folder = await temporaryFolder();
  const image = await sample(folder);
  const attested = async (subject: string) => {
    const { layer, descriptor } = await artifact(
      folder,
      'application/vnd.in-toto+json',
      statement(subject),
    );
    const annotations = {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': subject,
    };
    const platform = { os: 'unknown', architecture: 'unknown' };
    return { layer, descriptor: { ...descriptor, platform, annotations } };
  };
  const mine = await attested(image.manifest);
  const foreign = await attested(other);
  const index = await writeJson(folder, indexType, {
    schemaVersion: 2,
    manifests: [image.descriptor, mine.descriptor, foreign.descriptor],
  });
  await writeIndex(folder, [index]);
  return { folder, image, index, statement: mine.layer.digest };
}

const attached = async (root: string) =>
  attachedDocuments(await load('.', { root }), { ...options, root });

it('finds what lies beside an image, and the image by all of its names', async () => {
  const { folder, image, index, statement: digest } = await built();
  const loaded = await load('.', { root: folder });
  expect(loaded.id).toBe(image.config);
  expect(loaded.digests).toContain(index.digest);
  expect(await attached(folder)).toMatchObject([
    {
      file: `. ${digest}`,
      provenance: { builder: 'https://ci.example' },
      subject: { names: [{ digest: image.manifest }] },
      holes: [],
    },
  ]);
});

it.each([
  ['is not what its digest names', (path: string) => writeFile(path, '{"_type": "x"}')],
  ['is not there', (path: string) => rm(path)],
])('says of a statement that %s that it was not read', async (_, harm) => {
  const { folder, image, statement: digest } = await built();
  await harm(blobPath(folder, digest));
  expect(await attached(folder)).toMatchObject([
    {
      provenance: null,
      subject: { names: [{ digest: image.manifest }] },
      holes: [expect.stringContaining(digest)],
    },
  ]);
});

it('finds what refers to an image by its subject, listed beside it or by a tag', async () => {
  const folder = await temporaryFolder();
  const image = await sample(folder);
  const subject = { mediaType: manifestType, digest: image.manifest, size: 1 };
  const bom = {
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6' },
    components: [{ type: 'library', name: 'express', version: '5.1.0' }],
  };
  const listed = await artifact(folder, 'application/vnd.cyclonedx+json', bom, { subject });
  const tagged = await artifact(folder, 'application/vnd.in-toto+json', statement(image.manifest), {
    subject,
  });
  const elsewhere = await artifact(folder, 'application/vnd.in-toto+json', statement(other), {
    subject: { ...subject, digest: other },
  });
  const list = await writeJson(folder, indexType, {
    schemaVersion: 2,
    manifests: [{ ...tagged.descriptor, artifactType: 'application/vnd.in-toto+json' }],
  });
  const name = (text: string) => ({
    annotations: { 'org.opencontainers.image.ref.name': text },
  });
  const beside = (one: object) => ({ ...one, artifactType: 'application/any' });
  await writeIndex(folder, [
    { ...image.descriptor, ...name('1') },
    beside(listed.descriptor),
    beside(elsewhere.descriptor),
    { ...list, ...name(image.manifest.replace(':', '-')) },
  ]);
  const documents = await attached(folder);
  expect(documents.map(({ format }) => format).toSorted()).toEqual([
    'CycloneDX',
    'in-toto attestation',
  ]);
  // The bill names no image itself, and is about what it refers to.
  expect(documents.map((one) => one.subject?.names[0]?.digest)).toEqual([
    image.manifest,
    image.manifest,
  ]);
});

it('reads so many documents, and says that there are more', async () => {
  const folder = await temporaryFolder();
  const image = await sample(folder);
  const type = 'application/vnd.in-toto+json';
  const layer = await writeJson(folder, type, statement(image.manifest));
  const { descriptor } = await artifact(folder, type, statement(image.manifest), {
    ...{ subject: { digest: image.manifest }, layers: Array.from({ length: 3000 }, () => layer) },
  });
  await writeIndex(folder, [image.descriptor, { ...descriptor, artifactType: type }]);
  const documents = await attached(folder);
  expect(documents).toHaveLength(101);
  expect(documents.at(-1)?.holes).toEqual([expect.stringContaining('only 100 documents')]);
});

it('reads no more bytes than it says a document may have', async () => {
  const folder = await temporaryFolder();
  const image = await sample(folder);
  const type = 'application/vnd.in-toto+json';
  const { layer, descriptor } = await artifact(folder, type, statement(image.manifest), {
    subject: { digest: image.manifest },
  });
  const large = { ...layer, size: 2 ** 40 };
  const small = { ...layer, size: 10 };
  const subject = { digest: image.manifest };
  const others = await artifact(folder, type, {}, { subject, layers: [large, small] });
  const beside = [descriptor, others.descriptor].map((one) => ({ ...one, artifactType: type }));
  await writeIndex(folder, [image.descriptor, ...beside]);
  const documents = await attached(folder);
  expect(documents.filter(({ provenance }) => provenance !== null)).toHaveLength(1);
  expect(documents.flatMap(({ holes }) => holes)).toEqual([
    expect.stringContaining(`${2 ** 40}`),
    expect.stringContaining('10 are read'),
  ]);
});

it('finds none in what is no layout', async () => {
  const folder = await temporaryFolder();
  const image = { name: 'engine.example/shop:1', source: 'docker:shop', digest: other };
  expect(
    await attachedDocuments({ ...image, id: null, digests: [other] }, { ...options, root: folder }),
  ).toEqual([]);
});
