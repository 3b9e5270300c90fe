import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type ImageEvidence, trusted } from '../evidence.ts';
import { documents, imageDigest } from '../example-documents.ts';
import { isValid, statementsFor } from '../vex.ts';

const vex = (more: Readonly<Record<string, unknown>>) => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://shop.example/vex/1',
  author: 'security@shop.example',
  timestamp: '2026-05-04T10:00:00Z',
  version: 1,
  statements: [
    {
      vulnerability: { name: 'CVE-2025-0001' },
      products: [{ '@id': `pkg:oci/shop@${imageDigest}` }],
      status: 'not_affected',
      ...more,
    },
  ],
});

export const check: Check<ImageEvidence> = {
  id: 'supply-chain/vex-statement',
  title: 'VEX statements hold for this image and give a reason',
  severity: 'warning',
  critical: false,
  item: 'provenance',
  appliesTo: 'imageEvidence',
  meta: {
    why: 'A statement that a vulnerability does not matter takes it out of the verdict. Without a reason nobody can check it, and one about another product was written for other code.',
    messages: {
      'no-justification':
        '{{id}} is said not to affect {{product}}, without a justification; it does not count',
      'other-products':
        '{{count}} statements are about other products, such as {{product}}; they do not count',
    },
    remediation:
      'Give a justification or an impact statement, and name the image by pkg:oci/NAME@DIGEST or the package by its package URL.',
    bad: {
      language: 'evidence',
      text: documents({ 'vex.json': vex({}) }),
      findings: [{ messageId: 'no-justification' }],
    },
    good: {
      language: 'evidence',
      text: documents({ 'vex.json': vex({ justification: 'vulnerable_code_not_present' }) }),
      findings: [],
    },
    references: [
      'https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md#status-justifications',
      'https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#45-profile-5-vex',
    ],
  },
  run({ target }) {
    const believed = trusted(target);
    const statements = statementsFor(target, believed);
    return believed.flatMap(({ file, statements: own }): Draft[] => {
      const location = { file };
      const { mine = [], others = [] } = Object.groupBy(own, (statement) =>
        statements.concerns(statement) ? 'mine' : 'others',
      );
      const unfounded = mine.filter((statement) => !isValid(statement));
      const [other] = others;
      return [
        ...unfounded.map(({ vulnerability, products }): Draft => {
          const data = { id: vulnerability[0] ?? '', product: products[0]?.id ?? '' };
          return { messageId: 'no-justification', data, location };
        }),
        ...(other
          ? [
              {
                messageId: 'other-products',
                severity: 'info' as const,
                data: { count: others.length, product: other.products[0]?.id || 'none named' },
                location,
                identity: file,
              },
            ]
          : []),
      ];
    });
  },
};
