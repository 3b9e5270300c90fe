import { stripVTControlCharacters } from 'node:util';
import { expect, test, vi } from 'vitest';
import { fixtures } from '../../src/report/fixtures/all.ts';
import { fault } from '../../src/report/fixtures/fault.ts';
import { go } from '../../src/report/fixtures/go.ts';
import { noGo } from '../../src/report/fixtures/no-go.ts';
import { accepted, clean, validate } from '../../src/report/fixtures/validate.ts';
import { displayWidth } from '../../src/report/text/display-width.ts';
import { format } from '../../src/report/text/index.ts';
import { options } from './fixtures.ts';

test('the first line is the verdict with its counts', () => {
  expect(format.render(noGo, options).split('\n')[0]).toMatch(
    /^NO-GO {2}4 errors \(1 waived\), 1 warning.* in 14 checks.*items failed: 1 images, 3 manifests/,
  );
});

test('a clean validation is one line', () => {
  expect(format.render(clean, options)).toBe('GO  no findings in 2 checks\n');
});

test('what is suppressed is counted, and listed when all is asked for', () => {
  expect(format.render(accepted, options)).toBe('GO  no findings in 3 checks, 2 suppressed\n');
  const all = format.render(accepted, { ...options, verbose: true, width: 200 });
  expect(all.split('\n').slice(2)).toEqual([
    'Suppressed',
    '  k8s/web.yaml:12:18',
    '      image registry.example/web:latest has no digest [manifest/image-digest]',
    '      configuration, deploycheck.yaml:7:7, no end: the registry keeps tags as they are',
    '  k8s/web.yaml:12:18',
    '      image registry.example/web:latest has the tag latest, which moves [manifest/image-tag]',
    '      comment, k8s/web.yaml:11:11, until 2026-12-31: the vendor has no other tag',
    '',
  ]);
});

test('a validation has findings and no items', () => {
  const text = format.render(validate, options);
  expect(text).not.toContain('Items');
  expect(text).toContain('my app/k8s/api %20.yaml:3:1  ✗ error');
  expect(text).toContain('[manifest/budget]');
});

test('the twelve items stand in order with symbol, word and reason', () => {
  const lines = format.render(noGo, { ...options, width: 160 }).split('\n');
  const rows = lines.filter((line) => /^ {2,3}\d+ {2}/.test(line));
  expect(rows.map((row) => Number.parseInt(row, 10))).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
  ]);
  expect(rows[0]).toMatch(/✗ fail +a private key lies in a layer of shop\/api$/);
  expect(rows[11]).toMatch(/○ pending on person +name the on-call person$/);
});

test('a remediation is printed once for a check, however many findings it gave', () => {
  const text = format.render(noGo, options);
  expect(text.split('a name that the same container declares under ports').length).toBe(2);
  expect(text.split('which it does not declare').length).toBe(3);
});

test('what was not seen is told with fault and hint', () => {
  const text = format.render(noGo, options);
  expect(text).toContain('cluster-unreachable (environment): https://127.0.0.1:6443');
  expect(text).toContain('hint: Check that the cluster runs');
  expect(text).toContain('k8s/charts/redis: a folder that may not be read');
});

test('waivers and sign-offs name state and end', () => {
  expect(format.render(noGo, options)).toContain('W-3: expired, until 2026-02-20 00:00:00 UTC');
  expect(format.render(go, options)).toContain('dana@example.com (release): approve, valid');
});

test('colour adds only escape sequences', () => {
  for (const [, record] of fixtures) {
    const painted = format.render(record, { ...options, color: true });
    expect(painted).toContain('\u001b[');
    expect(stripVTControlCharacters(painted)).toBe(format.render(record, options));
  }
});

test('colour asked for is given even under NO_COLOR, since the caller has looked at it', () => {
  vi.stubEnv('NO_COLOR', '1');
  expect(format.render(go, { ...options, color: true })).toContain('\u001b[');
  vi.unstubAllEnvs();
});

test('lines keep to the width, but for the verdict and for places kept in one piece', () => {
  for (const width of [40, 80, 120]) {
    const [, ...lines] = format.render(noGo, { ...options, width }).split('\n');
    const long = lines.filter((line) => displayWidth(line) > width);
    expect(long.filter((line) => !/k8s\/|sha256:|^\w+ |\.key/.test(line))).toEqual([]);
  }
});

test('verbose adds fingerprints, evidence and the cause of a fault', () => {
  const brief = format.render(fault, options);
  const verbose = format.render(fault, { ...options, verbose: true });
  expect(brief).not.toContain('labels.ts:3:7');
  expect(verbose).toContain('labels.ts:3:7');
  expect(format.render(noGo, { ...options, verbose: true })).toContain(
    `fingerprint ${noGo.findings[0]?.fingerprint}`,
  );
});

test('a go without anything open ends without steps; a signed one asks for verification', () => {
  expect(format.render(clean, options)).not.toContain('How to go on');
  expect(format.render(go, options)).toContain('deploycheck verify last');
});
