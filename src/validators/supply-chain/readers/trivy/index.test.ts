import { expect, it } from 'vitest';
import { documentOf, trivyReport } from '../../testing.ts';

it('reads a vulnerability of a package of the system', () => {
  const [one] =
    documentOf(
      trivyReport([
        {
          VulnerabilityID: 'CVE-2025-0001',
          VendorIDs: ['DSA-5001-1'],
          PublishedDate: '2025-02-01T10:15:00Z',
          LastModifiedDate: '2026-05-01T10:15:00Z',
        },
      ]),
    ).vulnerabilities ?? [];
  expect(one).toEqual({
    id: 'CVE-2025-0001',
    aliases: ['DSA-5001-1'],
    package: {
      name: 'libssl3',
      version: '3.0.15-1',
      purl: 'pkg:deb/debian/libssl3@3.0.15-1?arch=amd64&distro=debian-12.11',
      path: null,
    },
    severity: 'high',
    fixedIn: '3.0.17-1',
    exploited: false,
    publishedAt: new Date('2025-02-01T10:15:00Z'),
    changedAt: new Date('2026-05-01T10:15:00Z'),
  });
});

it('reads the place of a package in an application', () => {
  const Results = [
    {
      Target: 'Node.js',
      Class: 'lang-pkgs',
      Type: 'node-pkg',
      Vulnerabilities: [
        { VulnerabilityID: 'A', PkgName: 'qs', PkgPath: 'app/node_modules/qs/package.json' },
      ],
    },
    {
      Target: 'usr/bin/tool',
      Class: 'lang-pkgs',
      Type: 'gobinary',
      Vulnerabilities: [{ VulnerabilityID: 'B', PkgName: 'stdlib', FixedVersion: '' }],
    },
  ];
  const { vulnerabilities } = documentOf(trivyReport([], { Results }));
  const places = vulnerabilities?.map((one) => [one.package.path, one.fixedIn, one.severity]);
  expect(places).toEqual([
    ['app/node_modules/qs/package.json', null, 'unknown'],
    ['usr/bin/tool', null, 'unknown'],
  ]);
});

it('knows the image by id and by what registries call it', () => {
  const digest = `sha256:${'5'.repeat(64)}`;
  const { subject, madeAt, endedSystem, tool } = documentOf(
    trivyReport([], {
      Trivy: { Version: '0.69.0' },
      Metadata: {
        ImageID: `sha256:${'4'.repeat(64)}`,
        RepoDigests: [`registry.example/shop@${digest}`],
        ImageConfig: { os: 'linux', architecture: 'arm64' },
        OS: { Family: 'debian', Name: '10.13', EOSL: true },
      },
    }),
  );
  expect(subject).toEqual({
    names: [
      { digest: `sha256:${'4'.repeat(64)}`, of: 'config' },
      { digest, of: 'any' },
    ],
    reference: 'registry.example/shop:2.0.0',
    platform: { os: 'linux', architecture: 'arm64' },
  });
  expect([madeAt?.toISOString(), endedSystem, tool]).toEqual([
    '2026-05-04T10:00:00.123Z',
    'debian 10.13',
    'Trivy 0.69.0',
  ]);
});

it.each([
  ['secrets were searched', [{ Target: 'x', Class: 'secret' }], 'container_image'],
  ['nothing was found to look at', [], 'container_image'],
  ['a file system was looked at', [{ Target: 'x', Class: 'os-pkgs' }], 'filesystem'],
])('is no scan of an image when %s', (_, Results, ArtifactType) => {
  expect(documentOf(trivyReport([], { Results, ArtifactType })).vulnerabilities).toBeNull();
});

it('lists packages when the report does', () => {
  const Packages = [
    { Name: 'curl', Version: '7.88', Identifier: { PURL: 'pkg:deb/debian/curl@7.88' } },
  ];
  const Results = [{ Target: 'x', Class: 'os-pkgs', Packages }];
  expect(documentOf(trivyReport([], { Results })).components).toEqual([
    { name: 'curl', version: '7.88', purl: 'pkg:deb/debian/curl@7.88' },
  ]);
});
