import { expect, it } from 'vitest';
import { type KnownVulnerability, knownVulnerabilities } from '../../supply-chain/known.ts';
import { documentOf, trivyReport } from '../../supply-chain/testing.ts';
import { covers, type IgnoreFile, readTrivyIgnore, readTrivyIgnoreYaml } from './trivy-ignore.ts';

const short = ({ entries, problems }: IgnoreFile) => [
  ...entries.map(({ kind, id, until, location }) => `${kind} ${id} ${until} :${location.line}`),
  ...problems.map(({ text, location }) => `! ${text} :${location.line}`),
];

it.each<[string, string, string[]]>([
  ['nothing', '', []],
  ['comments and blank lines', '# accepted\n\n   # more\n', []],
  [
    'ids, with blanks and CR LF around them',
    'CVE-2025-0001\r\n  GHSA-1234-5678-9abc  \r\n',
    ['any CVE-2025-0001 null :1', 'any GHSA-1234-5678-9abc null :2'],
  ],
  [
    'an end anywhere behind the id, and what else stands there',
    'CVE-1 exp:2027-01-31\nCVE-2 owner:shop exp:2027-01-31 # a word\n',
    ['any CVE-1 2027-01-31T00:00:00.000Z :1', 'any CVE-2 2027-01-31T00:00:00.000Z :2'],
  ],
  [
    'no comment behind an id, whose words count for nothing',
    'CVE-1 # exp: not here\nCVE-2 CVE-3\n',
    ['! CVE-1: "exp:" is no day such as exp:2027-01-31 :1', 'any CVE-2 null :2'].toReversed(),
  ],
  [
    'ends that are none',
    'CVE-1 exp:soon\nCVE-2 exp:2027-02-30\n',
    [
      '! CVE-1: "exp:soon" is no day such as exp:2027-01-31 :1',
      '! CVE-2: "exp:2027-02-30" is no day such as exp:2027-01-31 :2',
    ],
  ],
  [
    'ids of other checks',
    'AVD-DS-0002\naws-access-key-id\n',
    ['any AVD-DS-0002 null :1', 'any aws-access-key-id null :2'],
  ],
])('reads %s', (_, text, expected) => {
  expect(short(readTrivyIgnore(text, '.trivyignore'))).toEqual(expected);
});

it.each<[string, string, string[]]>([
  ['nothing', '', []],
  ['empty sections', 'vulnerabilities:\nsecrets: []\n', []],
  [
    'every section',
    'vulnerabilities:\n  - id: CVE-1\n    expired_at: 2027-01-31\n    statement: accepted\nmisconfigurations:\n  - id: DS-0002\nsecrets:\n  - id: aws-access-key-id\nlicenses:\n  - id: MIT\n',
    [
      'vulnerability CVE-1 2027-01-31T00:00:00.000Z :2',
      'misconfiguration DS-0002 null :6',
      'secret aws-access-key-id null :8',
      'license MIT null :10',
    ],
  ],
  [
    'moments',
    'vulnerabilities:\n  - {id: A, expired_at: 2027-01-31T12:00:00+02:00}\n',
    ['vulnerability A 2027-01-31T10:00:00.000Z :2'],
  ],
  [
    'entries without an id',
    'vulnerabilities:\n  - purls: ["pkg:deb/debian/linux-libc-dev"]\n',
    ['vulnerability  null :2'],
  ],
])('reads %s in YAML', (_, text, expected) => {
  expect(short(readTrivyIgnoreYaml(text, '.trivyignore.yaml'))).toEqual(expected);
});

it.each([
  ['- id: A\n', 'expected a mapping'],
  ['vulnerabilities: {id: A}\n', 'vulnerabilities: expected a list'],
  ['vulnerabilities:\n  - statement: x\n', 'vulnerabilities[0]: expected an id, paths or purls'],
  [
    'vulnerabilities:\n  - {id: A, paths: x}\n',
    'vulnerabilities[0]: paths: expected a list of texts',
  ],
  [
    'vulnerabilities:\n  - {id: A, purls: [x]}\n',
    'vulnerabilities[0]: purls: "x" is no package URL',
  ],
  ['vulnerabilities:\n  - {id: A, expired_at: soon}\n', /expired_at: expected a day/],
  ['vulnerabilities: [\n', /./],
])('refuses %j as a whole', (text, expected) => {
  const { entries, problems } = readTrivyIgnoreYaml(`${text}`, '.trivyignore.yaml');
  expect(entries).toEqual([]);
  expect(problems[0]?.text).toMatch(expected);
  expect(problems[0]?.location.line).toBeGreaterThan(0);
});

function known(more: object = {}): KnownVulnerability {
  const report = trivyReport([{ VulnerabilityID: 'CVE-1', ...more }]);
  const [one] = knownVulnerabilities([documentOf(report)]);
  if (!one) throw new Error('the report has a vulnerability');
  return one;
}

const place = { PkgPath: 'app/node_modules/qs/package.json' };

it.each([
  ['the id alone', '{id: CVE-1}', {}, true],
  ['another id', '{id: CVE-2}', {}, false],
  ['another name of the same', '{id: DSA-1}', { VendorIDs: ['DSA-1'] }, true],
  ['a pattern of its place', '{id: CVE-1, paths: ["app/**/package.json"]}', place, true],
  ['a pattern of another place', '{id: CVE-1, paths: ["lib/**"]}', place, false],
  ['a place where it has none', '{id: CVE-1, paths: ["**"]}', {}, false],
  ['its package', '{id: CVE-1, purls: ["pkg:deb/debian/libssl3"]}', {}, true],
  ['its package in another version', '{id: CVE-1, purls: ["pkg:deb/debian/libssl3@1"]}', {}, false],
  ['its package, without an id', '{purls: ["pkg:deb/debian/libssl3"]}', {}, true],
])('covers %s: %#', (_, entry, more, expected) => {
  const { entries } = readTrivyIgnoreYaml(`vulnerabilities:\n  - ${entry}\n`, '.trivyignore.yaml');
  expect(entries.map((one) => covers(one, known(more)))).toEqual([expected]);
});

it('covers no vulnerability by an entry of another section', () => {
  const { entries } = readTrivyIgnoreYaml('secrets:\n  - id: CVE-1\n', '.trivyignore.yaml');
  expect(entries.map((one) => covers(one, known()))).toEqual([false]);
});
