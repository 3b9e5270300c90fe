import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  load,
  temporaryFolder,
  writeImage,
  writeIndex,
  writeJson,
  writeLayout,
  writeSaved,
} from './testing.ts';

const amd64 = { os: 'linux', architecture: 'amd64' };
const arm64 = { os: 'linux', architecture: 'arm64' };
const layers = [[{ path: 'app', content: 'x' }]];

it('of an index in a layout are all of its images, and nothing else that it lists', async () => {
  const root = await temporaryFolder();
  const images = [
    await writeImage(root, { layers }),
    await writeImage(root, { layers, architecture: 'arm64' }),
  ];
  const attestation = {
    ...images[0]?.descriptor,
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
  };
  const manifests = [...images.map(({ descriptor }) => descriptor), attestation];
  const index = await writeJson(root, 'application/vnd.oci.image.index.v1+json', {
    schemaVersion: 2,
    manifests,
  });
  await writeIndex(root, [index]);
  const image = await load('oci:.', { root, platform: arm64 });
  expect(image.config?.architecture).toBe('arm64');
  expect(image.platforms).toEqual([amd64, arm64]);
  const [first] = images;
  const alone = await load(`oci:.@${first?.manifest}`, { root });
  expect(alone.platforms).toEqual([amd64]);
});

it('of what an engine saved are not known', async () => {
  const root = await temporaryFolder();
  await writeFile(join(root, 'old.tar'), writeSaved({ layers }));
  expect((await load('old.tar', { root })).platforms).toBeUndefined();
  await writeLayout(root, { layers });
  expect((await load('oci:.', { root })).platforms).toEqual([amd64]);
  await writeFile(join(root, 'manifest.json'), '[]');
  expect((await load('oci:.', { root })).platforms).toBeUndefined();
});
