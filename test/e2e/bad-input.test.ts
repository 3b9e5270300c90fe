import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageFile } from '../../src/core/package-root.ts';
import { deploycheck } from './cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-bad-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return deploycheck(args, { cwd: folder });
}

const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers: []\n';

describe('usage and configuration', () => {
  it.each([
    ['a misspelt key', 'version: 1\nservics: []\n', 'deploycheck.yaml:2:1: servics: unknown key'],
    ['a wrong type', 'version: 1\nservices: 3\n', 'deploycheck.yaml:2:11'],
    ['two documents', 'version: 1\n---\nversion: 1\n', 'deploycheck.yaml:3:1: a second document'],
    [
      'a rule that is not there',
      'version: 1\nservices: []\nrules: { disable: [image/nonroot] }\n',
      "did you mean 'image/non-root'",
    ],
  ])('%s in deploycheck.yaml ends 2', async (_, text, said) => {
    const { exitCode, stderr } = await run(['checklist'], { 'deploycheck.yaml': text });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(said)]);
  });

  it.each([
    [['checklist'], 'no deploycheck.yaml'],
    [['checklist', '--config', 'gone.yaml'], 'gone.yaml'],
    [['validate', 'manifests'], 'Missing 1 required arg'],
    [['validate', 'manifests', '.', '--format', 'sarf'], "did you mean 'sarif'"],
    [['validate', 'manifests', '.', '--output', 'html'], 'NAME=FILE'],
    [['validate', 'manifests', '.', '--timeout', 'soon'], "'soon' is not a duration"],
    [['validate', 'manifests', '.', '--colour'], '--colour'],
    [['validate', 'manifests', 'gone'], 'gone: no such file or folder'],
    [['validate', 'manifests', '.'], 'no Kubernetes object found'],
    [['validate', 'image', 'oci:gone'], 'gone'],
    [['validate', 'secrets', 'gone'], 'gone'],
    [['rules', 'explain', 'manifest/prob-port'], "did you mean 'manifest/probe-port'"],
    [['report', 'last'], 'there is no run'],
    [['report', 'nope'], "no run 'nope'"],
    [['sign', 'last', '--decision', 'hold'], 'there is no run'],
    [['frobnicate'], 'frobnicate'],
  ])('%j ends 2 and says why', async (args, said) => {
    const { exitCode, stderr, stdout } = await run(args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(said)]);
    expect(stdout).toBe('');
  });

  it('names an environment that is not there', async () => {
    const text = 'version: 1\nenvironments: { production: {} }\n';
    const args = ['checklist', '--env', 'prodution'];
    const { exitCode, stderr } = await run(args, { 'deploycheck.yaml': text });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("did you mean 'production'")]);
  });

  it('gives machines one valid document for a fault, too', async () => {
    const { exitCode, stdout } = await run(['validate', 'manifests', 'gone', '--format', 'json']);
    const record = JSON.parse(stdout);
    expect(exitCode).toBe(2);
    expect(record).toMatchObject({
      verdict: 'fault',
      outcomes: [{ fault: { code: 'input-missing' } }],
    });
  });
});

describe('manifests', () => {
  it('reports broken YAML where it breaks, and nothing that follows from it', async () => {
    const text = `${pod}---\napiVersion: v1\nkind: [\n`;
    const { exitCode, stdout } = await run(
      ['validate', 'manifests', 'a.yaml', '--format', 'json'],
      {
        'a.yaml': text,
      },
    );
    const checks = JSON.parse(stdout).findings.map((finding: { check: string }) => finding.check);
    expect(exitCode).toBe(1);
    expect(checks).toContain('manifest/yaml-syntax');
  });

  it('reads standard input', async () => {
    const text = await readFile(
      packageFile('examples/shop/releases/v3/manifests/rbac.yaml'),
      'utf8',
    );
    const { exitCode, stdout } = await deploycheck(['validate', 'manifests', '-'], {
      cwd: folder,
      input: text,
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('stdin:11:13');
  });

  it('says so for a version it does not know', async () => {
    const args = ['validate', 'manifests', 'a.yaml', '--kube-version', '1.2'];
    const { exitCode, stderr } = await run(args, { 'a.yaml': pod });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Kubernetes 1.2 is not known');
  });

  it('lets warnings fail when asked to', async () => {
    const file = packageFile('examples/shop/releases/v2/manifests/deployment.yaml');
    const text = (await readFile(file, 'utf8')).replaceAll('shop:2.0.0', 'shop:main');
    const args = ['validate', 'manifests', 'a.yaml'];
    // A tag that moves is a warning; what the file refers to is elsewhere, so it is inconclusive.
    expect((await run(args, { 'a.yaml': text })).exitCode).toBe(3);
    expect((await run([...args, '--fail-on', 'warning'])).exitCode).toBe(1);
  });
});

describe('images', () => {
  const image = packageFile('examples/shop/build/v2/image');

  /** A copy that may be damaged: the layouts share blobs through hard links. */
  async function copyOfImage(): Promise<string> {
    const copy = join(folder, 'image');
    await cp(image, copy, { recursive: true });
    return copy;
  }

  async function largestBlob(copy: string): Promise<string> {
    const index = JSON.parse(await readFile(join(copy, 'index.json'), 'utf8'));
    const blob = (digest: string) => join(copy, 'blobs', digest.replace(':', '/'));
    const manifest = JSON.parse(await readFile(blob(index.manifests[0].digest), 'utf8'));
    const [largest] = manifest.layers.toSorted(
      (a: { size: number }, b: { size: number }) => b.size - a.size,
    );
    return blob(largest.digest);
  }

  it('says that a layer is truncated, and passes nothing it could not read', async () => {
    const copy = await copyOfImage();
    await truncate(await largestBlob(copy), 1_000_000);
    const { exitCode, stdout } = await run(['validate', 'image', 'image', '--format', 'json']);
    const record = JSON.parse(stdout);
    expect(exitCode).toBe(1);
    expect(record.findings[0]).toMatchObject({ check: 'image/integrity', severity: 'error' });
    const outcome = (id: string) =>
      record.outcomes.find((one: { check: string }) => one.check === id).outcome;
    expect(outcome('image/secret')).not.toBe('pass');
    expect(outcome('image/set-id')).not.toBe('pass');
  });

  it('says that a blob has another digest than its name', async () => {
    const copy = await copyOfImage();
    const blob = await largestBlob(copy);
    const bytes = await readFile(blob);
    bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1;
    await writeFile(blob, bytes);
    const { stdout } = await run(['validate', 'image', 'image']);
    expect(stdout).toContain('[image/integrity]');
  });

  it('refuses what is no image', async () => {
    await mkdir(join(folder, 'empty'));
    const { exitCode, stderr } = await run(['validate', 'image', 'empty']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('empty')]);
  });

  it('says which registry it cannot reach', async () => {
    const { exitCode, stderr } = await run([
      'validate',
      'image',
      'registry:no-such-host.invalid/shop:2.0.0',
    ]);
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('no-such-host.invalid')]);
  });
});

describe('reports', () => {
  it('that cannot be written end 5 and name the file', async () => {
    const args = ['validate', 'manifests', 'a.yaml', '--output', 'html=/nowhere/report.html'];
    const { exitCode, stderr } = await run(args, { 'a.yaml': pod });
    expect([exitCode, stderr]).toEqual([
      5,
      expect.stringMatching(/nowhere\/report\.html[\s\S]*\(output-unwritable\)/),
    ]);
  });
});
