import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../image/testing.ts';
import { evidenceWith, trivyReport } from '../../supply-chain/testing.ts';
import { examine, type Options } from '../testing.ts';
import { readTrivyFiles } from './find-trivy-files.ts';

const rule = 'supply-chain/vulnerability';

async function outcome(files: Readonly<Record<string, string>>, options: Options = {}) {
  const folder = await temporaryFolder();
  await Promise.all(
    Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)),
  );
  const report = trivyReport([
    { VulnerabilityID: 'CVE-1' },
    { VulnerabilityID: 'CVE-2' },
    { VulnerabilityID: 'CVE-3' },
  ]);
  const target = await evidenceWith({ 'trivy.json': report });
  const trivy = await readTrivyFiles(folder);
  return examine(target, { only: [rule], sources: { trivy }, ...options });
}

it('reads both files, which suppress with their reasons and ends', async () => {
  const { run, reasons, said } = await outcome({
    '.trivyignore': 'CVE-1\nCVE-3 exp:2026-06-30\n',
    '.trivyignore.yaml': 'vulnerabilities:\n  - {id: CVE-2, statement: not reachable}\n',
  });
  expect(run.findings.filter(({ check }) => check === rule).map(({ message }) => message)).toEqual([
    'CVE-3 (high) in libssl3 3.0.15-1; fixed in 3.0.17-1',
  ]);
  expect(run.suppressed?.map(({ by, where }) => [by, where.file, where.line])).toEqual([
    ['trivy', '.trivyignore', 1],
    ['trivy', '.trivyignore.yaml', 2],
  ]);
  expect(reasons).toEqual(['.trivyignore, no reason given', 'not reachable']);
  expect(said).toEqual([
    'reasonless 1:1 findings are suppressed by what was written for trivy, without a reason',
  ]);
});

it('tells what has no effect', async () => {
  const { said } = await outcome({
    '.trivyignore': 'CVE-1 exp:never\nAVD-DS-0002\n',
    '.trivyignore.yaml': 'vulnerabilities: x\n',
  });
  expect(said).toEqual([
    'no-counterpart 2:1 no rule here asks what the check AVD-DS-0002 of trivy asks',
    'peer-file 1:1 what was written for trivy cannot be read: CVE-1: "exp:never" is no day such as exp:2027-01-31',
    'peer-file 1:18 what was written for trivy cannot be read: vulnerabilities: expected a list',
  ]);
});

it('does not hold in a checklist, where a critical rule wants a waiver', async () => {
  const { left, said } = await outcome({ '.trivyignore': 'CVE-1\n' }, { checklist: true });
  expect(left).toHaveLength(3);
  expect(said[0]).toMatch(
    /^needs-waiver 1:1 what suppresses supply-chain\/vulnerability does not hold/,
  );
});

it('is nothing where there are no files', async () => {
  expect(await readTrivyFiles(await temporaryFolder())).toBeUndefined();
});
