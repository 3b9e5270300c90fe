import { expect, it } from 'vitest';
import { documentOf, indexDigest, otherDigest, trivyReport } from '../../testing.ts';

const statement = (predicateType: string, predicate: unknown) => ({
  _type: 'https://in-toto.io/Statement/v0.1',
  subject: [{ name: 'shop', digest: { sha256: '1'.repeat(64) } }],
  predicateType,
  predicate,
});
const bom = {
  bomFormat: 'CycloneDX',
  metadata: { component: { type: 'container', name: 'shop', version: otherDigest } },
  components: [{ type: 'library', name: 'qs', version: '6.5.2' }],
};

it('is about its own subject, whatever the document in it says', () => {
  const document = documentOf(statement('https://cyclonedx.org/bom', bom));
  expect(document.subject?.names).toEqual([{ digest: indexDigest, of: 'any' }]);
  expect(document.components).toMatchObject([{ name: 'qs', version: '6.5.2' }]);
});

it('reads an envelope', () => {
  const inner = JSON.stringify(statement('https://cyclonedx.org/bom', { Data: bom }));
  const document = documentOf({
    payloadType: 'application/vnd.in-toto+json',
    payload: Buffer.from(inner).toString('base64'),
    signatures: [{ keyid: '', sig: 'AAAA' }],
  });
  expect(document.components).toMatchObject([{ name: 'qs' }]);
});

it.each([
  [
    'https://slsa.dev/provenance/v0.2',
    {
      builder: { id: 'https://ci.example/1' },
      buildType: 'https://mobyproject.org/buildkit@v1',
      materials: [{ uri: 'pkg:docker/debian@12', digest: { sha256: 'ab' } }, { uri: 'git+x' }],
      metadata: { buildFinishedOn: '2026-05-04T10:00:00Z' },
    },
  ],
  [
    'https://slsa.dev/provenance/v1',
    {
      buildDefinition: {
        buildType: 'https://mobyproject.org/buildkit@v1',
        resolvedDependencies: [
          { uri: 'pkg:docker/debian@12', digest: { sha256: 'ab' } },
          { uri: 'git+x' },
        ],
      },
      runDetails: {
        builder: { id: 'https://ci.example/1' },
        metadata: { finishedOn: '2026-05-04T10:00:00Z' },
      },
    },
  ],
])('reads %s', (type, predicate) => {
  expect(documentOf(statement(type, predicate))).toMatchObject({
    provenance: {
      builder: 'https://ci.example/1',
      buildType: 'https://mobyproject.org/buildkit@v1',
      materials: [
        { uri: 'pkg:docker/debian@12', digest: 'sha256:ab' },
        { uri: 'git+x', digest: null },
      ],
    },
    madeAt: new Date('2026-05-04T10:00:00Z'),
  });
});

it('says what it does not read', () => {
  expect(documentOf(statement('https://example/x', {})).holes).toEqual([
    'what it says is of the type https://example/x, which is not read',
  ]);
});

it('reads the report in what cosign says of a scan', () => {
  const result = trivyReport([{ VulnerabilityID: 'CVE-2026-0001' }]);
  const predicate = { scanner: { uri: 'https://scanner.example', result } };
  const type = 'https://cosign.sigstore.dev/attestation/vuln/v1';
  expect(documentOf(statement(type, predicate))).toMatchObject({
    vulnerabilities: [{ id: 'CVE-2026-0001' }],
    holes: [],
  });
});
