import { expect, it } from 'vitest';
import { Fault } from '../../core/fault.ts';
import { readEvidence } from './read.ts';
import { documentOf, trivyReport } from './testing.ts';

function faultOf(text: string): string {
  try {
    readEvidence('x.json', Buffer.from(text));
  } catch (error) {
    if (error instanceof Fault) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

it.each([
  ['', 'evidence-unreadable: x.json: it is no JSON object'],
  ['[1]', 'evidence-unreadable: x.json: it is no JSON object'],
  ['{"SchemaVersion": 2, "Artif', 'evidence-unreadable: x.json: it is no JSON object'],
  ['{"kind": "Pod"}', 'evidence-unreadable: x.json: its format is not known'],
])('refuses %j', (text, expected) => {
  expect(faultOf(text)).toBe(expected);
});

it('reads a document with a mark of byte order, and knows it by its bytes', () => {
  const bytes = Buffer.from(`\uFEFF${JSON.stringify(trivyReport([]))}`);
  const document = readEvidence('trivy.json', bytes);
  expect(document).toMatchObject({ format: 'Trivy JSON', vulnerabilities: [] });
  expect(document.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
});

it('reads whatever stands in the fields, and takes what is not understood as absent', () => {
  const odd = [null, 7, 'text', [], {}, [null], [[1]], { a: { b: [] } }];
  const shells = (value: unknown) => [
    { SchemaVersion: 2, ArtifactName: 'a', Metadata: value, Results: value, CreatedAt: value },
    {
      SchemaVersion: 2,
      ArtifactName: 'a',
      Results: [{ Class: 'os-pkgs', Vulnerabilities: value }],
    },
    { matches: [value], source: value, descriptor: {} },
    { artifacts: [value], source: value, descriptor: {} },
    { version: '2.1.0', runs: [value, { tool: { driver: { name: 'Trivy' } }, results: value }] },
    { bomFormat: 'CycloneDX', metadata: value, components: value, vulnerabilities: value },
    { bomFormat: 'CycloneDX', components: [value], vulnerabilities: [{ id: 'A', affects: value }] },
    { spdxVersion: 'SPDX-2.3', packages: value, relationships: value, creationInfo: value },
    { '@context': 'https://openvex.dev/ns/v0.2.0', statements: [value] },
    {
      document: { csaf_version: '2.0', tracking: value },
      product_tree: value,
      vulnerabilities: value,
    },
    { _type: 'https://in-toto.io/Statement/v1', subject: value, predicate: value },
    { payloadType: 'application/vnd.in-toto+json', payload: 'e30=' },
    { catalogVersion: '1', vulnerabilities: [value] },
    { Version: value, VulnerabilityDB: {} },
  ];
  for (const value of odd) {
    for (const shell of shells(value)) expect(documentOf(shell).file).toBe('evidence.json');
  }
});

it('does not follow documents into one another for ever', () => {
  const wrap = (predicate: unknown): unknown => ({
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'x',
    subject: [],
    predicate,
  });
  const deep = Array.from({ length: 50 }).reduce(wrap, trivyReport([]));
  expect(documentOf(deep).vulnerabilities).toBeNull();
  expect(documentOf(wrap(trivyReport([]))).vulnerabilities).toEqual([]);
});
