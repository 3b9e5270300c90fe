import { expect, it } from 'vitest';
import { configDigest, documentOf } from '../../testing.ts';

const run = (name: string, rule: object, result: object, properties?: object) => ({
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name, version: '1.0', rules: [{ id: 'r', ...rule }] } },
      results: [{ ruleId: 'r', ...result }],
      ...(properties && { properties }),
    },
  ],
});

it('reads the lines of Trivy and its properties', () => {
  const text =
    'Package: libssl3\nInstalled Version: 3.0.15-1\nVulnerability CVE-2025-1\nSeverity: HIGH\nFixed Version: 3.0.17-1\nLink: x';
  const document = documentOf(
    run('Trivy', {}, { message: { text } }, { imageID: configDigest, imageName: 'shop:2.0.0' }),
  );
  expect(document.subject?.names).toEqual([{ digest: configDigest, of: 'config' }]);
  expect(document.vulnerabilities).toMatchObject([
    {
      id: 'CVE-2025-1',
      severity: 'high',
      fixedIn: '3.0.17-1',
      package: { name: 'libssl3', version: '3.0.15-1' },
    },
  ]);
});

it('reads the lines of Grype, which names the image by nothing', () => {
  const help =
    'Vulnerability CVE-2025-2\nSeverity: \nPackage: curl\nVersion: 7.88\nFix Version: \nType: deb\nLocation: /var/lib/dpkg/status\nLink: x';
  const document = documentOf(
    run('Grype', { help: { text: help }, properties: { 'security-severity': '9.8' } }, {}),
  );
  expect(document.subject?.names).toEqual([]);
  expect(document.vulnerabilities).toMatchObject([
    {
      id: 'CVE-2025-2',
      severity: 'critical',
      fixedIn: null,
      package: { name: 'curl', version: '7.88', path: '/var/lib/dpkg/status' },
    },
  ]);
});

it('is no scan for vulnerabilities when another tool wrote it', () => {
  const document = documentOf(run('CodeQL', {}, { message: { text: 'Package: x' } }));
  expect(document.vulnerabilities).toBeNull();
  expect(document.holes).toEqual(['it has runs of tools whose SARIF is not read']);
});
