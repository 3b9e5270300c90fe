import { expect, it } from 'vitest';
import { documentOf } from '../../testing.ts';

it('reads the status of products, with its reasons', () => {
  const { statements } = documentOf({
    document: {
      category: 'csaf_vex',
      csaf_version: '2.0',
      publisher: { name: 'Shop' },
      tracking: { current_release_date: '2026-05-01T10:00:00Z' },
    },
    product_tree: {
      branches: [
        {
          branches: [
            {
              product: {
                product_id: 'QS',
                product_identification_helper: { purl: 'pkg:npm/qs@6.5.2' },
              },
            },
          ],
        },
      ],
      full_product_names: [
        {
          product_id: 'IMAGE',
          product_identification_helper: {
            hashes: [{ file_hashes: [{ algorithm: 'sha256', value: 'A'.repeat(64) }] }],
          },
        },
      ],
      relationships: [
        {
          category: 'default_component_of',
          full_product_name: { product_id: 'QS-IN-IMAGE' },
          product_reference: 'QS',
          relates_to_product_reference: 'IMAGE',
        },
      ],
    },
    vulnerabilities: [
      {
        cve: 'CVE-2025-1',
        product_status: {
          known_not_affected: ['QS-IN-IMAGE'],
          fixed: ['QS'],
          known_affected: ['?'],
        },
        flags: [{ label: 'vulnerable_code_not_in_execute_path', product_ids: ['QS-IN-IMAGE'] }],
      },
    ],
  });
  expect(statements).toMatchObject([
    {
      status: 'not_affected',
      justification: 'vulnerable_code_not_in_execute_path',
      author: 'Shop',
      products: [
        { digests: [`sha256:${'a'.repeat(64)}`], parts: [{ purls: ['pkg:npm/qs@6.5.2'] }] },
      ],
    },
    { status: 'fixed', justification: null, products: [{ purls: ['pkg:npm/qs@6.5.2'] }] },
    { status: 'affected', products: [{ id: '?', purls: [] }] },
  ]);
});
