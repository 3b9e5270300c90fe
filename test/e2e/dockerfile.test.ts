import { chmod, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageFile } from '../../src/core/package-root.ts';
import type { RunRecord } from '../../src/core/record.ts';
import { deploycheck } from './cli.ts';
import { plantsOf } from './plants.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'deploycheck-dockerfile-'));
});
beforeEach(() => rm(join(root, '.hadolint.yaml'), { force: true }));
afterAll(() => rm(root, { recursive: true }));

async function validate(...args: string[]) {
  const flags = ['--format', 'json', '--quiet'];
  const { exitCode, stdout, stderr } = await deploycheck(
    ['validate', 'dockerfile', ...args, ...flags],
    { cwd: root },
  );
  const record: RunRecord = JSON.parse(stdout);
  const found = record.findings.map(
    ({ check, location: { file, line, column } }) => `${check} ${file}:${line}:${column}`,
  );
  return { exitCode, stderr, record, found };
}

it('names the six plants of release v3 at their lines and columns, and nothing in v1 and v2', async () => {
  for (const release of ['v1', 'v2', 'v3']) {
    const file = packageFile(`examples/shop/releases/${release}/Dockerfile`);
    await cp(file, join(root, `${release}.Dockerfile`));
  }
  const { exitCode, found } = await validate('v1.Dockerfile', 'v2.Dockerfile', 'v3.Dockerfile');
  expect(exitCode).toBe(1);
  expect(found.filter((one) => !one.includes('v3.Dockerfile'))).toEqual([]);
  const plants = (await plantsOf(1)).filter(({ file }) => file === 'Dockerfile');
  const places = plants.map(({ line, column }) => `v3.Dockerfile:${line}:${column}`);
  expect(places).toHaveLength(6);
  expect(places.filter((place) => !found.some((one) => one.endsWith(` ${place}`)))).toEqual([]);
});

it('reads standard input, and says what it was not given', async () => {
  const { exitCode, stdout } = await deploycheck(['validate', 'dockerfile', '-'], {
    cwd: root,
    input: 'FROM debian:13\nUSER 0\n',
  });
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining('stdin:2:1')]);
  const { exitCode: missing, stderr } = await validate('gone');
  expect([missing, stderr]).toEqual([2, expect.stringContaining('(input-missing)')]);
});

it('follows .hadolint.yaml: what it ignores, its levels and its threshold', async () => {
  await writeFile(join(root, 'Dockerfile'), 'FROM debian\nRUN a | b\n');
  expect((await validate('Dockerfile')).exitCode).toBe(0);
  await writeFile(join(root, '.hadolint.yaml'), 'override:\n  error: [DL4006]\n');
  expect((await validate('Dockerfile')).exitCode).toBe(1);
  await writeFile(
    join(root, '.hadolint.yaml'),
    'ignored: [DL4006]\nfailure-threshold: warning\ntrustedRegistries: [ghcr.io]\n',
  );
  const { exitCode, found, record } = await validate('Dockerfile');
  expect(exitCode).toBe(1);
  expect(found.slice(0, 2).sort()).toEqual([
    'dockerfile/base-image-registry Dockerfile:1:6',
    'dockerfile/base-image-tag Dockerfile:1:6',
  ]);
  expect(record.suppressed?.map(({ by, finding }) => [by, finding.check])).toEqual([
    ['hadolint', 'dockerfile/pipefail'],
  ]);
  await writeFile(
    join(root, '.hadolint.yaml'),
    'ignored: [DL3006, DL4006]\nfailure-threshold: style\n',
  );
  expect((await validate('Dockerfile', '--fail-on', 'error')).exitCode).toBe(0);
});

describe('--fix', () => {
  const written =
    'from debian:13 as build\nMAINTAINER Jo\nRUN apt-get update \\\n  # what is asked for\n  && apt-get install curl\nENV A b c\nADD app /app\nUSER 1000\nCMD /app\n';
  const asked =
    'FROM debian:13 AS build\nLABEL org.opencontainers.image.authors="Jo"\nRUN apt-get update \\\n  # what is asked for\n  && apt-get install -y --no-install-recommends curl \\\n  && rm -rf /var/lib/apt/lists/*\nENV A="b c"\nCOPY app /app\nUSER 1000\nCMD ["/app"]\n';
  const file = () => join(root, 'fixed.Dockerfile');
  const fix = (...args: string[]) =>
    deploycheck(['validate', 'dockerfile', 'fixed.Dockerfile', '--fix', ...args], { cwd: root });

  it('mends what a rule asks for, and reports what is left', async () => {
    await writeFile(file(), `\ufeff${written.replaceAll('\n', '\r\n')}`);
    await chmod(file(), 0o640);
    const { stderr, exitCode } = await fix('--preset', 'recommended');
    expect(stderr).toContain('fixed.Dockerfile: give it -y\n');
    expect(stderr).toMatch(/^mended 8 in 1 file$/m);
    expect(exitCode).toBe(0);
    expect(await readFile(file(), 'utf8')).toBe(`\ufeff${asked.replaceAll('\n', '\r\n')}`);
    expect((await stat(file())).mode & 0o777).toBe(0o640);
    expect((await fix('--preset', 'recommended')).stderr).toContain('mended 0 in 0 files');
  });

  it('mends what the rules of the preset find, and not what is accepted', async () => {
    const accepted = written.replace(
      'ADD',
      '# deploycheck-ignore dockerfile/add-instead-of-copy -- as it was\nADD',
    );
    await writeFile(file(), accepted);
    await fix();
    const left = accepted
      .replace('install curl', 'install -y curl')
      .replace('CMD /app', 'CMD ["/app"]');
    expect(await readFile(file(), 'utf8')).toBe(left);
  });

  it('prints a patch that git applies, and writes nothing', async () => {
    await writeFile(file(), written);
    const { stdout, exitCode } = await fix('--dry-run', '--preset', 'recommended');
    expect(exitCode).toBe(1);
    expect(await readFile(file(), 'utf8')).toBe(written);
    await execa('git', ['apply', '-'], { cwd: root, input: `${stdout}\n` });
    expect(await readFile(file(), 'utf8')).toBe(asked);
  });

  it('leaves a file alone whose bytes are no text, and writes nothing when one cannot be read', async () => {
    const bytes = Buffer.concat([Buffer.from(written), Buffer.from([0x23, 0xff, 0x0a])]);
    await writeFile(file(), bytes);
    await fix();
    expect(await readFile(file())).toEqual(bytes);
    await writeFile(file(), written);
    await writeFile(join(root, 'empty.Dockerfile'), '# nothing\n');
    const { exitCode, stderr } = await fix('empty.Dockerfile');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('(input-empty)')]);
    expect(await readFile(file(), 'utf8')).toBe(written);
  });

  it('takes no standard input', async () => {
    const args = ['validate', 'dockerfile', '-', '--fix'];
    const { exitCode, stderr } = await deploycheck(args, { cwd: root, input: written });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--fix mends files')]);
  });
});

it('compares the file with the image that was built of it', async () => {
  const image = `oci:${packageFile('examples/shop/build/v2/image')}`;
  await cp(packageFile('examples/shop/releases/v2/Dockerfile'), join(root, 'v2.Dockerfile'));
  const same = await validate('v2.Dockerfile', '--image', image);
  expect([same.exitCode, same.found]).toEqual([0, []]);
  await cp(packageFile('examples/shop/releases/v3/Dockerfile'), join(root, 'v3.Dockerfile'));
  const { found } = await validate('v3.Dockerfile', '--image', image);
  const built = found.filter((one) => one.startsWith('dockerfile/built-image'));
  // Another version, another user, and a variable that the image has not.
  expect(built.map((one) => one.split(':').slice(1).join(':'))).toEqual(['25:1', '14:40', '17:25']);
  const { exitCode, record } = await validate('v2.Dockerfile', '--image', 'oci:gone');
  expect([exitCode, record.notExamined[0]?.what]).toEqual([
    3,
    expect.stringContaining('was built from v2.Dockerfile'),
  ]);
  const several = await validate('v2.Dockerfile', 'v3.Dockerfile', '--image', image);
  expect([several.exitCode, several.stderr]).toEqual([2, expect.stringContaining('usage-invalid')]);
});
