import { expect, it } from 'vitest';
import { documentOf, indexDigest } from '../../testing.ts';

it('reads statements with their products and parts', () => {
  const { statements } = documentOf({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    author: 'security@shop.example',
    timestamp: '2026-05-01T10:00:00Z',
    statements: [
      {
        vulnerability: { name: 'CVE-2025-1', aliases: ['GHSA-1'] },
        products: [
          {
            '@id': `pkg:oci/shop@${encodeURIComponent(indexDigest)}`,
            hashes: { 'sha-256': '1'.repeat(64) },
            subcomponents: [{ '@id': 'pkg:npm/qs@6.5.2' }, { identifiers: { purl: 'pkg:npm/x' } }],
          },
        ],
        status: 'not_affected',
        impact_statement: 'it is not called',
        timestamp: '2026-05-02T10:00:00Z',
      },
      { vulnerability: { name: 'CVE-2025-2' }, products: [], status: 'maybe' },
    ],
  });
  expect(statements).toEqual([
    {
      vulnerability: ['CVE-2025-1', 'GHSA-1'],
      status: 'not_affected',
      justification: 'it is not called',
      author: 'security@shop.example',
      at: new Date('2026-05-02T10:00:00Z'),
      products: [
        {
          id: `pkg:oci/shop@${encodeURIComponent(indexDigest)}`,
          purls: [`pkg:oci/shop@${encodeURIComponent(indexDigest)}`],
          digests: [indexDigest],
          link: null,
          parts: [
            {
              id: 'pkg:npm/qs@6.5.2',
              purls: ['pkg:npm/qs@6.5.2'],
              digests: [],
              link: null,
              parts: [],
            },
            { id: 'pkg:npm/x', purls: ['pkg:npm/x'], digests: [], link: null, parts: [] },
          ],
        },
      ],
    },
  ]);
});

it('reads the first version of the format', () => {
  const { statements } = documentOf({
    '@context': 'https://openvex.dev/ns',
    statements: [{ vulnerability: 'CVE-2023-1', products: ['pkg:npm/qs'], status: 'fixed' }],
  });
  expect(statements).toMatchObject([
    { vulnerability: ['CVE-2023-1'], products: [{ purls: ['pkg:npm/qs'] }], at: null },
  ]);
});
