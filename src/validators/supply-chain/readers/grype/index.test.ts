import { expect, it } from 'vitest';
import { documentOf, grypeReport } from '../../testing.ts';

it('reads matches, other names, fixes and what is exploited', () => {
  const { vulnerabilities } = documentOf(
    grypeReport([
      {
        id: 'GHSA-xxxx-yyyy-zzzz',
        severity: 'Critical',
        related: ['CVE-2025-7'],
        fix: ['1.2', '2.0'],
      },
      { id: 'CVE-2025-8', severity: 'Negligible', exploited: true },
    ]),
  );
  expect(vulnerabilities).toMatchObject([
    {
      id: 'GHSA-xxxx-yyyy-zzzz',
      aliases: ['CVE-2025-7'],
      severity: 'critical',
      fixedIn: '1.2, 2.0',
    },
    { id: 'CVE-2025-8', severity: 'negligible', fixedIn: null, exploited: true },
  ]);
});

it('knows image, tool, and the age of the database in both of its forms', () => {
  const now = documentOf(grypeReport([]));
  expect(now.tool).toBe('grype 0.100.0');
  expect(now.subject?.names.map(({ of }) => of)).toEqual(['config', 'any']);
  expect(now.databaseBuiltAt).toEqual(new Date('2026-05-03T06:00:00Z'));
  const before = documentOf(grypeReport([], { db: { built: '2024-01-02T03:04:05Z' } }));
  expect(before.databaseBuiltAt).toEqual(new Date('2024-01-02T03:04:05Z'));
});

it('reads a time that is none as none', () => {
  const none = documentOf(
    grypeReport([], { timestamp: '', db: { built: '0001-01-01T00:00:00Z' } }),
  );
  expect([none.madeAt, none.databaseBuiltAt]).toEqual([null, null]);
});
