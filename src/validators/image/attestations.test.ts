import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createScope } from '../../core/scope.ts';
import { attachedDocuments } from '../supply-chain/load.ts';
import { attestationsOf } from './attestations.ts';
import { blobPath, load, temporaryFolder, writeImage, writeIndex, writeJson } from './testing.ts';

const signal = new AbortController().signal;
const scope = createScope();

/** An index of an image with its statement and of a statement about another, as BuildKit writes it. */
async function layout() {
  const folder = await temporaryFolder();
  const image = await writeImage(folder, { layers: [[{ path: 'a' }]], config: { Cmd: ['/a'] } });
  const attested = async (subject: string, name: string) => {
    const statement = await writeJson(folder, 'application/vnd.in-toto+json', {
      _type: 'https://in-toto.io/Statement/v0.1',
      predicateType: 'https://slsa.dev/provenance/v0.2',
      subject: [{ name, digest: { sha256: subject.slice('sha256:'.length) } }],
      predicate: { builder: { id: 'https://ci.example' } },
    });
    const config = await writeJson(folder, 'application/vnd.oci.image.config.v1+json', {});
    const manifest = await writeJson(folder, 'application/vnd.oci.image.manifest.v1+json', {
      schemaVersion: 2,
      config,
      layers: [statement],
    });
    const annotations = {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': subject,
    };
    const platform = { os: 'unknown', architecture: 'unknown' };
    return { statement, descriptor: { ...manifest, platform, annotations } };
  };
  const mine = await attested(image.manifest, 'mine');
  const other = await attested(`sha256:${'9'.repeat(64)}`, 'other');
  const index = await writeJson(folder, 'application/vnd.oci.image.index.v1+json', {
    schemaVersion: 2,
    manifests: [image.descriptor, mine.descriptor, other.descriptor],
  });
  await writeIndex(folder, [index]);
  return { folder, image, index, statement: mine.statement.digest };
}

it('finds what lies beside an image, and the image by all of its names', async () => {
  const { folder, image, index, statement } = await layout();
  const loaded = await load('.', { root: folder });
  expect(loaded.id).toBe(image.config);
  expect(loaded.digests).toContain(index.digest);
  const documents = await attachedDocuments(loaded, { root: folder, signal, scope });
  expect(documents).toMatchObject([
    {
      file: `. ${statement}`,
      provenance: { builder: 'https://ci.example' },
      subject: { names: [{ digest: image.manifest }] },
    },
  ]);
});

it('refuses a statement that is not what its digest names', async () => {
  const { folder, image, statement } = await layout();
  await writeFile(blobPath(folder, statement), '{"_type": "x"}');
  await expect(
    attestationsOf('.', image.manifest, { root: folder, signal, scope }),
  ).rejects.toMatchObject({ code: 'image-damaged' });
});

it('finds none in what is no layout', async () => {
  const root = await temporaryFolder();
  expect(
    await attestationsOf('registry.example/shop:1', 'sha256:1', { root, signal, scope }),
  ).toEqual([]);
});
