import { describe, expect, it } from 'vitest';
import { examine } from '../secret/testing.ts';
import { configDigest, evidenceWith, otherDigest, trivyReport } from './testing.ts';
import { check } from './vulnerability/index.ts';

const report = trivyReport([{ VulnerabilityID: 'CVE-2025-1' }]);
const openssl = 'pkg:deb/debian/libssl3@3.0.15-1';
const oci = (digest: string) => `pkg:oci/shop@${encodeURIComponent(digest)}`;

const vex = (...statements: readonly object[]) => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  author: 'security@shop.example',
  timestamp: '2026-05-01T10:00:00Z',
  statements: statements.map((statement) => ({
    vulnerability: { name: 'CVE-2025-1' },
    products: [{ '@id': oci(configDigest) }],
    status: 'not_affected',
    justification: 'vulnerable_code_not_present',
    ...statement,
  })),
});

async function verdict(...documents: readonly unknown[]): Promise<string> {
  const files = Object.fromEntries(documents.map((json, at) => [`vex-${at}.json`, json]));
  const { findings } = await examine(check, await evidenceWith({ 'trivy.json': report, ...files }));
  return findings.map(({ messageId, message }) => `${messageId}: ${message}`).join('\n');
}

const counts = 'fixable: CVE-2025-1 (high) in libssl3 3.0.15-1; fixed in 3.0.17-1';

describe('a statement takes a vulnerability out of the verdict', () => {
  it('with its reason and author', async () => {
    expect(await verdict(vex({}))).toBe(
      'stated: CVE-2025-1 (high) in libssl3 3.0.15-1 counts as not affected: vulnerable_code_not_present (security@shop.example, vex-0.json)',
    );
  });

  it.each([
    [
      'the image and this package',
      [{ '@id': oci(configDigest), subcomponents: [{ '@id': openssl }] }],
    ],
    ['the package in this version', [{ '@id': openssl }]],
    ['the package in any version', [{ '@id': 'pkg:deb/debian/libssl3' }]],
    ['the image by a hash', [{ '@id': 'shop', hashes: { 'sha-256': 'c'.repeat(64) } }]],
    ['the image by a reference', [{ '@id': `registry.example/shop@${configDigest}` }]],
  ])('when it is about %s', async (_, products) => {
    expect(await verdict(vex({ products }))).toMatch(/^stated/);
  });

  it('when it says that it is fixed', async () => {
    expect(await verdict(vex({ status: 'fixed', justification: undefined }))).toMatch(/^stated/);
  });

  it('when it refers into a bill of materials that is given, too', async () => {
    const bom = {
      bomFormat: 'CycloneDX',
      serialNumber: 'urn:uuid:0b9c3f9e-0000-4000-8000-000000000000',
      metadata: { component: { type: 'container', name: 'shop', version: configDigest } },
      components: [{ 'bom-ref': 'ssl', type: 'library', name: 'libssl3', purl: openssl }],
    };
    const ref = 'urn:cdx:0b9c3f9e-0000-4000-8000-000000000000/1#ssl';
    const analysis = { state: 'not_affected', justification: 'code_not_reachable' };
    const stated = {
      bomFormat: 'CycloneDX',
      vulnerabilities: [{ id: 'CVE-2025-1', affects: [{ ref }], analysis }],
    };
    expect(await verdict(stated, bom)).toMatch(/^stated: .*code_not_reachable/);
    expect(await verdict(stated)).toBe(counts);
  });
});

describe('a statement does not hold', () => {
  it.each([
    ['about another image', { products: [{ '@id': oci(otherDigest) }] }],
    ['about an image by its name alone', { products: [{ '@id': 'pkg:oci/shop' }] }],
    ['about another version', { products: [{ '@id': 'pkg:deb/debian/libssl3@3.0.14' }] }],
    ['about another vulnerability', { vulnerability: { name: 'CVE-2025-2' } }],
    [
      'about another part of the image',
      {
        products: [{ '@id': oci(configDigest), subcomponents: [{ '@id': 'pkg:deb/debian/curl' }] }],
      },
    ],
    [
      'about this part of another image',
      {
        products: [{ '@id': oci(otherDigest), subcomponents: [{ '@id': openssl }] }],
      },
    ],
    ['without a reason', { justification: undefined }],
    ['that is under investigation', { status: 'under_investigation' }],
    ['about no product', { products: [] }],
  ])('%s', async (_, statement) => {
    expect(await verdict(vex(statement))).toBe(counts);
  });

  it('once a newer one says the opposite, in whatever order they are given', async () => {
    const clear = { timestamp: '2026-05-01T10:00:00Z' };
    const affected = { status: 'affected', timestamp: '2026-05-02T10:00:00Z' };
    expect(await verdict(vex(clear, affected))).toBe(counts);
    expect(await verdict(vex(affected), vex(clear))).toBe(counts);
    expect(await verdict(vex({ ...affected, timestamp: clear.timestamp }, clear))).toBe(counts);
    expect(await verdict(vex({ ...clear, timestamp: '2026-05-03T10:00:00Z' }, affected))).toMatch(
      /^stated/,
    );
  });
});
