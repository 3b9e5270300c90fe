import { expect, it } from 'vitest';
import { configDigest, documentOf, indexDigest } from '../../testing.ts';

const bom = (more: Readonly<Record<string, unknown>>) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: 'urn:uuid:9EA52BD6-fcca-4de6-b58b-7abfef7b07cb',
  version: 1,
  metadata: {
    timestamp: '2026-05-04T10:00:00+02:00',
    tools: { components: [{ type: 'application', name: 'trivy', version: '0.69.0' }] },
    component: {
      'bom-ref': 'image',
      type: 'container',
      name: 'registry.example/shop:2.0.0',
      purl: `pkg:oci/shop@${encodeURIComponent(indexDigest)}?arch=amd64`,
      properties: [{ name: 'aquasecurity:trivy:ImageID', value: configDigest }],
    },
  },
  components: [
    { 'bom-ref': 'os', type: 'operating-system', name: 'debian', version: '12' },
    {
      'bom-ref': 'qs',
      type: 'library',
      name: 'qs',
      version: '6.5.2',
      purl: 'pkg:npm/qs@6.5.2',
      properties: [
        { name: 'aquasecurity:trivy:FilePath', value: 'app/node_modules/qs/package.json' },
      ],
    },
    { type: 'application', name: 'app', components: [{ type: 'library', group: '@a', name: 'b' }] },
  ],
  ...more,
});

it('lists packages with those inside of others, and no operating systems', () => {
  const { components, tool, madeAt, vulnerabilities } = documentOf(bom({ vulnerabilities: [] }));
  expect(components?.map(({ name }) => name)).toEqual(['qs', 'app', '@a/b']);
  expect([tool, madeAt?.toISOString()]).toEqual(['trivy 0.69.0', '2026-05-04T08:00:00.000Z']);
  // An empty list is written by tools that did not look for any.
  expect(vulnerabilities).toBeNull();
});

it('knows the image', () => {
  expect(documentOf(bom({})).subject).toEqual({
    names: [
      { digest: configDigest, of: 'config' },
      { digest: indexDigest, of: 'any' },
    ],
    reference: 'registry.example/shop:2.0.0',
    platform: { os: 'linux', architecture: 'amd64' },
  });
});

it('reads vulnerabilities: the vendor grades, ranges and sentences tell of fixes', () => {
  const vulnerabilities = [
    {
      id: 'CVE-2025-1',
      source: { name: 'debian' },
      ratings: [
        { source: { name: 'nvd' }, severity: 'critical' },
        { source: { name: 'debian' }, severity: 'low' },
      ],
      recommendation: 'Upgrade qs to version 6.5.3',
      affects: [{ ref: 'qs' }],
    },
    {
      id: 'GHSA-1',
      references: [{ id: 'CVE-2025-2' }],
      ratings: [
        { score: 9.8, method: 'CVSSv31' },
        { score: 0.9, method: 'other', source: { name: 'FIRST' } },
        { score: 1, method: 'other', source: { name: 'CISA KEV Catalog' } },
      ],
      affects: [{ ref: 'qs', versions: [{ range: 'vers:npm/>=6.5.3', status: 'unaffected' }] }],
    },
    { id: 'CVE-2025-3', affects: [{ ref: 'elsewhere' }] },
  ];
  expect(documentOf(bom({ vulnerabilities })).vulnerabilities).toMatchObject([
    { id: 'CVE-2025-1', severity: 'low', fixedIn: '6.5.3', exploited: false },
    {
      id: 'GHSA-1',
      aliases: ['CVE-2025-2'],
      severity: 'critical',
      fixedIn: '6.5.3',
      exploited: true,
    },
  ]);
});

it('reads statements on components, on the image, on package URLs and on other documents', () => {
  const stated = (id: string, ref: string, analysis: object) => ({
    id,
    affects: [{ ref }],
    analysis,
  });
  const vulnerabilities = [
    stated('A', 'qs', { state: 'not_affected', justification: 'code_not_reachable' }),
    stated('B', 'image', { state: 'false_positive' }),
    stated('C', 'pkg:npm/x', { state: 'in_triage' }),
    stated('D', 'urn:cdx:9EA52BD6-fcca-4de6-b58b-7abfef7b07cb/1#qs', { state: 'resolved' }),
    { id: 'E', affects: [{ ref: 'qs' }] },
  ];
  const { statements, bom: own } = documentOf(bom({ vulnerabilities }));
  expect(statements.map(({ status, justification }) => [status, justification])).toEqual([
    ['not_affected', 'code_not_reachable'],
    ['not_affected', 'false positive'],
    ['under_investigation', null],
    ['fixed', null],
  ]);
  expect(statements.map(({ products: [product] }) => product)).toMatchObject([
    { purls: ['pkg:npm/qs@6.5.2'] },
    { digests: [configDigest, indexDigest] },
    { purls: ['pkg:npm/x'] },
    { link: { serial: '9ea52bd6-fcca-4de6-b58b-7abfef7b07cb', ref: 'qs' } },
  ]);
  expect(own?.serial).toBe('9ea52bd6-fcca-4de6-b58b-7abfef7b07cb');
});

it('is no scan when it holds nothing but judgements, and one of Grype although it found nothing', () => {
  const judged = { id: 'A', affects: [{ ref: 'qs' }], analysis: { state: 'in_triage' } };
  expect(documentOf(bom({ vulnerabilities: [judged] })).vulnerabilities).toBeNull();
  const metadata = { tools: { components: [{ name: 'grype', version: '0.100.0' }] } };
  expect(documentOf(bom({ metadata })).vulnerabilities).toEqual([]);
});

it('is a statement alone when it lists nothing', () => {
  const vex = { bomFormat: 'CycloneDX', vulnerabilities: [{ id: 'A', affects: [{ ref: 'x' }] }] };
  expect(documentOf(vex)).toMatchObject({ subject: null, vulnerabilities: null, components: null });
});
