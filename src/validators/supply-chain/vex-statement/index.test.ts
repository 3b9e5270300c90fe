import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { configDigest, evidenceWith, otherDigest, trivyReport } from '../testing.ts';
import { check } from './index.ts';

const statement = (product: string, more: object = {}) => ({
  vulnerability: { name: 'CVE-2025-1' },
  products: [{ '@id': product }],
  status: 'not_affected',
  justification: 'component_not_present',
  ...more,
});

async function said(...statements: readonly object[]): Promise<string[]> {
  const vex = { '@context': 'https://openvex.dev/ns/v0.2.0', statements };
  const target = await evidenceWith({
    'trivy.json': trivyReport([{ VulnerabilityID: 'CVE-2025-1' }]),
    'vex.json': vex,
  });
  return (await examine(check, target)).findings.map(
    ({ severity, message }) => `${severity}: ${message}`,
  );
}

const image = `pkg:oci/shop@${configDigest}`;

it('is silent about statements on the image and on its packages', async () => {
  expect(await said(statement(image), statement('pkg:deb/debian/libssl3'))).toEqual([]);
});

it('wants a justification where something is said not to affect', async () => {
  const none = { justification: undefined };
  expect(
    await said(statement(image, none), statement(image, { ...none, status: 'fixed' })),
  ).toEqual([
    `warning: CVE-2025-1 is said not to affect ${image}, without a justification; it does not count`,
  ]);
});

it('counts statements on other products once for each file', async () => {
  const other = `pkg:oci/shop@${otherDigest}`;
  expect(await said(statement(other), statement('pkg:npm/qs'), statement(image))).toEqual([
    `info: 2 statements are about other products, such as ${other}; they do not count`,
  ]);
});
