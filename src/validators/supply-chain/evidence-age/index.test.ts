import { describe, expect, it } from 'vitest';
import type { Check } from '../../../core/check.ts';
import { runChecks } from '../../../core/engine.ts';
import { evidenceWith, grypeReport, trivyReport } from '../testing.ts';
import { check } from './index.ts';

async function said(
  files: Readonly<Record<string, unknown>>,
  now: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<string[]> {
  const run = await runChecks({
    // The engine hands a check only targets of the kind it applies to.
    checks: [check as unknown as Check],
    targets: [await evidenceWith(files)],
    signal: new AbortController().signal,
    clock: { now: () => new Date(now), monotonic: () => 0 },
    evidence: { add: () => Promise.reject(new Error('the rule leaves no evidence')) },
    settings: { [check.id]: { options } },
  });
  const faults = run.outcomes.flatMap(({ fault }) => (fault ? [fault.message] : []));
  const open = run.notExamined.map(({ what, why }) => `? ${what}: ${why}`);
  return [...faults, ...run.findings.map(({ message }) => message), ...open];
}

const scanned = '2026-05-04T10:00:00Z';
const grype = (built: string | null) =>
  grypeReport([], { timestamp: scanned, db: built === null ? {} : { status: { built } } });

describe('of a scan of the fourth of May', () => {
  it.each([
    ['2026-05-04T10:00:00Z', []],
    ['2026-05-11T10:00:00Z', []],
    ['2026-05-11T10:00:01Z', ['the image was scanned 7 days ago; 7 are allowed']],
    ['2026-06-03T10:00:00Z', ['the image was scanned 30 days ago; 7 are allowed']],
    ['2026-05-04T09:30:00Z', []],
    ['2026-05-03T10:00:00Z', ['it is dated 2026-05-04T10:00:00.000Z, which is yet to come']],
  ])('at %s', async (now, expected) => {
    expect(await said({ 'grype.json': grype('2026-05-03T06:00:00Z') }, now)).toEqual(expected);
  });

  it('the database may not have been old', async () => {
    const files = { 'grype.json': grype('2026-04-20T06:00:00Z') };
    expect(await said(files, scanned)).toEqual([
      'the database was 14 days old when the image was scanned; 5 are allowed',
    ]);
    expect(await said(files, scanned, { databaseMaxAge: '30d' })).toEqual([]);
  });

  it('the limits are those of the options', async () => {
    const files = { 'grype.json': grype('2026-05-03T06:00:00Z') };
    const now = '2026-05-05T11:00:00Z';
    expect(await said(files, now, { scanMaxAge: '1d' })).toEqual([
      'the image was scanned 1 days ago; 1 are allowed',
    ]);
    expect(await said(files, now, { scanMaxAge: 'week' })).toEqual([
      'options of supply-chain/evidence-age: scanMaxAge: expected a duration such as 7d',
    ]);
  });
});

describe('of a report that does not tell the age of its database', () => {
  const unknown = ['? grype.json: it does not say how old its database was'];

  it('nothing is believed', async () => {
    expect(await said({ 'grype.json': grype(null) }, scanned)).toEqual(unknown);
  });

  it('what it knows of shows that the database is no older', async () => {
    const knowing = (date: string) => ({
      'trivy.json': trivyReport([{ VulnerabilityID: 'A', LastModifiedDate: date }]),
    });
    expect(await said(knowing('2026-05-02T10:00:00Z'), scanned)).toEqual([]);
    expect(await said(knowing('2026-04-02T10:00:00Z'), scanned)).toEqual([
      '? trivy.json: it does not say how old its database was; add `trivy version --format json`',
    ]);
  });

  it('Trivy tells it in another file, which must not be of a later day', async () => {
    const files = (UpdatedAt: string) => ({
      'trivy.json': trivyReport([]),
      'version.json': { Version: '0.69.0', VulnerabilityDB: { Version: 2, UpdatedAt } },
    });
    expect(await said(files('2026-05-04T06:00:00Z'), scanned)).toEqual([]);
    expect(await said(files('2026-04-04T06:00:00Z'), scanned)).toEqual([
      'the database was 30 days old when the image was scanned; 5 are allowed',
    ]);
    expect(await said(files('2026-05-06T06:00:00Z'), '2026-05-07T06:00:00Z')).toEqual([
      '? trivy.json: it does not say how old its database was; add `trivy version --format json`',
    ]);
  });
});

it('asks for the day of the scan', async () => {
  const undated = trivyReport([], { CreatedAt: undefined });
  expect(await said({ 'trivy.json': undated }, scanned)).toEqual([
    '? trivy.json: it does not say when the image was scanned',
  ]);
});

it('does not date bills of materials, whose image stays what it is', async () => {
  const bom = { bomFormat: 'CycloneDX', components: [{ name: 'a' }] };
  const files = { 'grype.json': grype('2026-05-03T06:00:00Z'), 'bom.json': bom };
  expect(await said(files, scanned)).toEqual([]);
});

it('dates the catalogue of what is exploited', async () => {
  const catalogue = {
    catalogVersion: '1',
    dateReleased: '2026-04-01T00:00:00Z',
    vulnerabilities: [{ cveID: 'CVE-1' }],
  };
  const files = { 'grype.json': grype('2026-05-03T06:00:00Z'), 'kev.json': catalogue };
  expect(await said(files, scanned)).toEqual([
    'the catalogue was released 33 days ago; 7 are allowed',
  ]);
});
