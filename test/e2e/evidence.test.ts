import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { elf, writeLayout } from '../../src/validators/image/testing.ts';
import { deploycheck } from './cli.ts';

let folder: string;
let config: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-evidence-'));
  const image = await writeLayout(join(folder, 'image'), {
    config: {
      User: '10001',
      Entrypoint: ['/app'],
      Healthcheck: { Test: ['CMD', '/app'] },
      Labels: Object.fromEntries(
        Object.entries({
          ...{ revision: '0123456789abcdef0123456789abcdef01234567', version: '1.2.3' },
          ...{ source: 'https://git.example.com/shop', title: 'shop' },
        }).map(([name, value]) => [`org.opencontainers.image.${name}`, value]),
      ),
    },
    layers: [
      [
        { path: 'etc/passwd', content: 'app:x:10001:10001::/:/app\n' },
        { path: 'app', mode: 0o755, content: elf(62) },
        { path: 'var/lib/dpkg/status', content: 'Package: curl\nVersion: 7.88.1-10\n' },
      ],
    ],
  });
  config = image.config;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const json = (name: string, value: unknown) => writeFile(join(folder, name), JSON.stringify(value));
/** Reports break their lines at 100 characters. */
const run = async (...args: string[]) => {
  const result = await deploycheck(args, { cwd: folder });
  return { ...result, words: result.stdout.replace(/\s+/g, ' ') };
};
const validate = (...files: string[]) =>
  run('validate', 'image', 'image', ...files.flatMap((file) => ['--evidence', file]));

/** A report of now, by a database of now. */
const report = (ImageID: string, vulnerabilities: readonly object[] = []) => ({
  SchemaVersion: 2,
  CreatedAt: new Date().toISOString(),
  ArtifactName: 'shop',
  ArtifactType: 'container_image',
  Metadata: { ImageID },
  Results: [{ Target: 'shop', Class: 'os-pkgs', Vulnerabilities: vulnerabilities }],
});
const grave = {
  VulnerabilityID: 'CVE-2026-0001',
  PkgName: 'curl',
  InstalledVersion: '7.88.1-10',
  FixedVersion: '7.88.1-12',
  Severity: 'CRITICAL',
};
const database = () => ({
  Version: '0.69.0',
  VulnerabilityDB: { Version: 2, UpdatedAt: new Date(Date.now() - 3_600_000).toISOString() },
});

it('passes by a recent report on this image', async () => {
  await json('trivy.json', report(config));
  await json('version.json', database());
  const { stdout, exitCode } = await validate('*.json');
  expect(stdout).toMatch(/^GO {2}no findings/);
  expect(exitCode).toBe(0);
});

it('fails by a vulnerability, and passes again by a statement', async () => {
  await json('trivy.json', report(config, [grave]));
  await json('version.json', database());
  const failed = await validate('*.json');
  expect(failed.words).toContain('CVE-2026-0001 (critical) in curl 7.88.1-10; fixed in 7.88.1-12');
  expect(failed.exitCode).toBe(1);
  await json('vex.json', {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    statements: [
      {
        vulnerability: { name: 'CVE-2026-0001' },
        products: [{ '@id': `pkg:oci/shop@${encodeURIComponent(config)}` }],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
      },
    ],
  });
  const stated = await validate('*.json');
  expect(stated.words).toContain('counts as not affected: vulnerable_code_not_in_execute_path');
  expect(stated.exitCode).toBe(0);
});

it('fails by a report on another image, and does not read it', async () => {
  await json('trivy.json', report(`sha256:${'9'.repeat(64)}`, [grave]));
  const { words, stdout, exitCode } = await validate('trivy.json');
  expect(words).toContain('this Trivy JSON document is about sha256:9999');
  expect(stdout).not.toContain('CVE-2026-0001');
  expect(exitCode).toBe(1);
});

it('is open by a report that names no image, and without the age of the database', async () => {
  await json('trivy.json', { ...report(config), Metadata: {} });
  expect((await validate('trivy.json')).exitCode).toBe(3);
  await json('trivy.json', report(config));
  const { words, exitCode } = await validate('trivy.json');
  expect(words).toContain('it does not say how old its database was');
  expect(exitCode).toBe(3);
});

it('names what a bill of materials lacks', async () => {
  await json('bom.json', {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { component: { type: 'container', name: 'shop', version: config } },
    components: [{ type: 'library', name: 'bash', purl: 'pkg:deb/debian/bash@5.2' }],
  });
  const { words } = await validate('bom.json');
  expect(words).toContain('1 of 1 deb packages of the image are not listed: curl 7.88.1-10');
});

it('refuses what is no evidence', async () => {
  await json('x.json', { kind: 'Pod' });
  const { stderr, exitCode } = await validate('x.json');
  expect(stderr).toContain('evidence-unreadable');
  expect(exitCode).toBe(2);
  expect((await validate('nothing.json')).stderr).toContain('input-missing');
});

it('judges item 2 of the checklist, which stays pending for what is not read', async () => {
  const settings = (evidence: string) =>
    writeFile(
      join(folder, 'deploycheck.yaml'),
      `version: 1\nservices:\n  - name: shop\n    image: oci:image\n${evidence}`,
    );
  const item = async () => {
    const { stdout } = await run('checklist', '--require', 'evidence', '--format', 'json');
    const record: { items: { id: string; status: string; reason: string }[] } = JSON.parse(stdout);
    return record.items.find(({ id }) => id === 'provenance');
  };
  await settings('');
  expect(await item()).toMatchObject({
    status: 'pending',
    reason: expect.stringMatching(
      /^no vulnerability scan of oci:image; no bill of materials of oci:image; name the files/,
    ),
  });
  await json('trivy.json', report(config));
  await json('version.json', database());
  await settings('    evidence: ["*.json"]\n');
  expect(await item()).toMatchObject({
    status: 'pending',
    reason: expect.stringMatching(/no bill of materials of oci:image.*CI result and coverage/),
  });
  await json('trivy.json', report(config, [grave]));
  expect(await item()).toMatchObject({
    status: 'fail',
    reason: expect.stringContaining('CVE-2026-0001'),
  });
});

it('verifies signatures by public keys alone, and says where none can be', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const own = publicKey.export({ type: 'spki', format: 'pem' });
  await writeFile(join(folder, 'release.pub'), own);
  await writeFile(join(folder, 'release.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const refused = await run('validate', 'image', 'image', '--key', 'release.key');
  expect(refused.stderr).toContain('key-unreadable');
  expect(refused.stderr).not.toContain('MC4CAQAw');
  expect(refused.exitCode).toBe(2);
  const open = await run('validate', 'image', 'image', '--key', 'release.pub');
  expect(open.words).toContain('signatures lie in registries, and it was read from oci:image');
  expect(open.exitCode).toBe(3);
  // The configuration names the same key, and a service without any evidence is asked for its signature.
  const rules = 'rules: { options: { supply-chain/signature: { keys: [release.pub] } } }';
  const services = 'services: [{ name: shop, image: "oci:image" }]';
  await writeFile(join(folder, 'deploycheck.yaml'), `version: 1\n${services}\n${rules}\n`);
  const { stdout } = await run('checklist', '--require', 'evidence', '--format', 'json');
  expect(JSON.parse(stdout).notExamined).toContainEqual(
    expect.objectContaining({ why: expect.stringContaining('signatures lie in registries') }),
  );
});
