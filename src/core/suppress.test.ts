import { describe, expect, it } from 'vitest';
import type { Finding } from './finding.ts';
import {
  anywhere,
  endOf,
  fingerprintAnchor,
  lineAnchor,
  objectAnchor,
  type Suppression,
  suppress,
} from './suppress.ts';

const object = { apiVersion: 'v1', kind: 'Pod', namespace: null, name: 'web' };
const finding = (more: Partial<Finding> = {}): Finding => ({
  check: 'a/x',
  messageId: 'm',
  severity: 'error',
  message: 'found',
  location: { file: 'a.yaml', line: 4, column: 2 },
  object,
  evidence: [],
  remediation: 'mend it',
  fingerprint: 'f1',
  waivedBy: null,
  ...more,
});
const suppression = (more: Partial<Suppression> = {}): Suppression => ({
  by: 'comment',
  rule: 'a/x',
  reason: 'known',
  until: null,
  anchors: [anywhere],
  where: () => ({ file: 'a.yaml', line: 3, column: 1 }),
  name: 'the comment',
  ...more,
});
const now = new Date('2026-06-30T12:00:00Z');
const holds = { now, standing: () => 'holds' as const };

describe('a suppression', () => {
  it('sets a finding apart, with who said so', () => {
    const one = suppression({ until: '2026-06-30' });
    const { findings, suppressed, met } = suppress([finding()], [one], holds);
    expect(findings).toEqual([]);
    expect(suppressed).toEqual([
      {
        finding: finding(),
        by: 'comment',
        where: { file: 'a.yaml', line: 3, column: 1 },
        reason: 'known',
        until: '2026-06-30',
      },
    ]);
    expect(met).toEqual(new Set([one]));
  });

  it.each([
    ['another rule', { rule: 'a/y' }],
    ['another line', { anchors: [lineAnchor('a.yaml', 5)] }],
    ['another file', { anchors: [lineAnchor('b.yaml', 4)] }],
    ['another object', { anchors: [objectAnchor('a.yaml', { ...object, name: 'db' })] }],
    ['the object of another file', { anchors: [objectAnchor('b.yaml', object)] }],
    ['another fingerprint', { anchors: [fingerprintAnchor('f2')] }],
    ['what it does not cover', { covers: () => false }],
    ['a day that is over', { until: '2026-06-29' }],
    ['a moment that is over', { until: '2026-06-30T12:00:00Z' }],
    ['a day that there is not', { until: '2026-06-31' }],
  ])('does not hold for %s', (_, more) => {
    const { findings, suppressed, met } = suppress([finding()], [suppression(more)], holds);
    expect([findings, suppressed, met.size]).toEqual([[finding()], [], 0]);
  });

  it.each([lineAnchor('a.yaml', 4), objectAnchor('a.yaml', object), fingerprintAnchor('f1')])(
    'holds at %j',
    (anchor) => {
      expect(suppress([finding()], [suppression({ anchors: [anchor] })], holds).findings).toEqual(
        [],
      );
    },
  );

  it('meets what it does not hold for', () => {
    const one = suppression();
    for (const standing of ['never', 'critical'] as const) {
      const result = suppress([finding()], [one], { now, standing: () => standing });
      expect(result.findings).toEqual([finding()]);
      expect(result.refused.get(one)).toBe(standing);
      expect(result.met.has(one)).toBe(true);
    }
  });

  it('leaves a finding to its waiver', () => {
    const waived = finding({ waivedBy: 'w-1' });
    const { findings, suppressed, met } = suppress([waived], [suppression()], holds);
    expect([findings, suppressed, met.size]).toEqual([[waived], [], 1]);
  });

  it('is met with others, and the most exact one is named', () => {
    const wide = suppression({ by: 'configuration' });
    const exact = suppression({ anchors: [lineAnchor('a.yaml', 4)] });
    const { suppressed, met } = suppress([finding()], [wide, exact], holds);
    expect(suppressed.map(({ by }) => by)).toEqual(['comment']);
    expect(met.size).toBe(2);
  });
});

it.each([
  ['2026-02-28', '2026-03-01T00:00:00.000Z'],
  ['2024-02-29', '2024-03-01T00:00:00.000Z'],
  ['2026-02-28T10:00Z', '2026-02-28T10:00:00.000Z'],
  ['2026-02-30', undefined],
  ['2026-13-01', undefined],
  ['2026-02-28T25:00Z', undefined],
  ['28.02.2026', undefined],
  ['tomorrow', undefined],
])('%s ends at %s', (text, end) => {
  expect(endOf(text)?.toISOString()).toBe(end);
});
