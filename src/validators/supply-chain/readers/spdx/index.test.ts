import { expect, it } from 'vitest';
import { configDigest, documentOf, indexDigest } from '../../testing.ts';

const spdx = (root: Readonly<Record<string, unknown>>) => ({
  spdxVersion: 'SPDX-2.3',
  SPDXID: 'SPDXRef-DOCUMENT',
  creationInfo: {
    created: '2026-05-04T10:00:00Z',
    creators: ['Organization: shop', 'Tool: syft-1.30.0'],
  },
  packages: [
    {
      SPDXID: 'SPDXRef-curl',
      name: 'curl',
      versionInfo: '7.88',
      externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:deb/debian/curl@7.88' }],
    },
    { SPDXID: 'SPDXRef-os', name: 'debian', primaryPackagePurpose: 'OPERATING-SYSTEM' },
    { SPDXID: 'SPDXRef-image', name: 'shop', primaryPackagePurpose: 'CONTAINER', ...root },
  ],
  relationships: [
    {
      spdxElementId: 'SPDXRef-DOCUMENT',
      relatedSpdxElement: 'SPDXRef-image',
      relationshipType: 'DESCRIBES',
    },
  ],
});

it.each([
  ['its version, as Syft writes', { versionInfo: indexDigest }, [[indexDigest, 'any']]],
  [
    'its checksum',
    { checksums: [{ algorithm: 'SHA256', checksumValue: '1'.repeat(64) }] },
    [[indexDigest, 'any']],
  ],
  [
    'annotations, as Trivy writes',
    {
      annotations: [
        { comment: `ImageID: ${configDigest}` },
        { comment: `RepoDigest: r@${indexDigest}` },
      ],
    },
    [
      [configDigest, 'config'],
      [indexDigest, 'any'],
    ],
  ],
  [
    'texts of attribution, as Trivy wrote before',
    { attributionTexts: [`ImageID: ${configDigest}`, `DiffID: ${indexDigest}`] },
    [[configDigest, 'config']],
  ],
  ['nothing but a tag', { versionInfo: '2.0.0' }, []],
])('knows the image by %s', (_, root, expected) => {
  const { subject } = documentOf(spdx(root));
  expect(subject?.names.map(({ digest, of }) => [digest, of])).toEqual(expected);
});

it('lists packages, and neither the image nor its system', () => {
  expect(documentOf(spdx({}))).toMatchObject({
    tool: 'syft 1.30.0',
    madeAt: new Date('2026-05-04T10:00:00Z'),
    components: [{ name: 'curl', version: '7.88', purl: 'pkg:deb/debian/curl@7.88' }],
  });
});
