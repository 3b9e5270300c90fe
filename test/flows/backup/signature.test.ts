import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSet } from '../../../src/backup/create.ts';
import { observeRepository } from '../../../src/backup/observe.ts';
import { distrusted, trustedSet } from '../../../src/backup/set/signature.ts';
import { openRepository } from '../../../src/backup/sources.ts';
import { sha256Hex } from '../../../src/core/digest.ts';
import { deploycheck, newKey } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { hasTool } from '../../systems/tools.ts';
import { type Fixture, fixture } from './fixture.ts';
import { never, sourceOf } from './support.ts';

const bed = await systems('postgres', 'minio');

for (const repository of ['folder', 'DEPLOYCHECK_TEST_S3']) {
  describe.skipIf(!bed || !hasTool('ssh-keygen'))(`a signed set in ${repository}`, () => {
    it('is one that stock ssh-keygen finds good, and counts', async () => {
      if (!bed) return;
      await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', repository, {
        ...{ encrypted: true, signed: true },
      });
      const set = await shop.create();
      expect(await shop.verify(set)).toMatchObject({ verdict: 'good', problems: [] });
      expect(await trusted(shop, set)).toMatchObject({ set, manifest: { signature: {} } });
    });
  });
}

const trusted = (shop: Fixture, set: string, allowedSigners = shop.place.signing?.allowedSigners) =>
  shop.bench.run(async (systems) => {
    const home = await openRepository(shop.place, systems);
    await systems.scope.defer('repository', () => home.close());
    const signing = { key: undefined, allowedSigners: allowedSigners ?? '' };
    return trustedSet({ repository: home, signing }, set, systems);
  });

describe.skipIf(!bed || !hasTool('ssh-keygen'))('a set whose signature is not good', () => {
  let shop: Fixture;
  let set: string;
  let folder: string;
  let root: string;
  beforeAll(async () => {
    if (!bed) return;
    shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder', { signed: true });
    folder = shop.bench.folder;
    root = join(folder, 'repository');
    set = await shop.create();
    await cp(root, join(folder, 'whole'), { recursive: true });
  });
  afterAll(() => shop?.[Symbol.asyncDispose]());
  afterEach(async () => {
    await rm(root, { recursive: true });
    await cp(join(folder, 'whole'), root, { recursive: true });
  });
  const path = (name: string) => join(root, 'sets', set, name);
  const refused = (why: string, allowedSigners?: string) =>
    expect(trusted(shop, set, allowedSigners)).rejects.toMatchObject({
      code: 'signature-failed',
      message: expect.stringContaining(why),
    });
  /** Changes the manifest as somebody would who knows the format. */
  const rewrite = async (change: (manifest: { createdAt: string; signature: unknown }) => void) => {
    const manifest = JSON.parse(await readFile(path('manifest.json'), 'utf8'));
    change(manifest);
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    await writeFile(path('manifest.json'), text);
    const sums = await readFile(path('SHA256SUMS'), 'utf8');
    const line = `${sha256Hex(text)}  manifest.json`;
    await writeFile(path('SHA256SUMS'), sums.replace(/^.* {2}manifest\.json$/m, line));
  };

  it('is checked as the format says, by ssh-keygen alone', async () => {
    const args = ['-Y', 'verify', '-I', 'role:backup', '-n', 'backup@deploycheck'];
    const { stdout } = await execa(
      'ssh-keygen',
      [...args, '-f', join(folder, 'allowed_signers'), '-s', path('manifest.json.sig')],
      { inputFile: path('manifest.json') },
    );
    expect(stdout).toContain('Good "backup@deploycheck" signature for role:backup');
  });

  it('is refused when the manifest was rewritten, sums and all', async () => {
    await rewrite((manifest) => {
      manifest.createdAt = '2030-01-01T00:00:00.000Z';
    });
    // What has no signature to compare with finds nothing wrong.
    expect(await shop.verify(set)).toMatchObject({ verdict: 'good' });
    await refused('the signed text or the signature was changed');
  });

  it('is refused when the signature was taken away, and the manifest says so', async () => {
    await rm(path('manifest.json.sig'));
    expect(await shop.verify(set)).toMatchObject({
      verdict: 'bad',
      problems: [{ path: `sets/${set}/manifest.json.sig` }],
    });
    await rewrite((manifest) => {
      manifest.signature = null;
    });
    await refused('its manifest is not signed');
  });

  it('is refused when the signature is that of another set, of another purpose, or none', async () => {
    const other = await shop.create();
    await cp(join(root, 'sets', other, 'manifest.json.sig'), path('manifest.json.sig'));
    expect(await shop.verify(set)).toMatchObject({ verdict: 'bad' });
    await refused('was changed');
    const key = join(folder, 'backup.key');
    await rm(path('manifest.json.sig'));
    await execa('ssh-keygen', [
      '-Y',
      'sign',
      '-f',
      key,
      '-n',
      'waiver@deploycheck',
      path('manifest.json'),
    ]);
    await refused('another purpose');
    await writeFile(path('manifest.json.sig'), 'nonsense');
    await refused('not an SSH signature');
  });

  it('is refused when its key may not sign sets, or may not any more', async () => {
    const { line } = await newKey(folder, 'release', ['release']);
    const file = join(folder, 'other_signers');
    const own = await readFile(join(folder, 'allowed_signers'), 'utf8');
    for (const text of [line, own.replace('role:backup', 'role:release')]) {
      await writeFile(file, text);
      await refused('the key is not allowed for this signer', file);
    }
    await writeFile(file, own.replace(' ssh-', ' valid-before="20200101Z" ssh-'));
    await refused('validity period', file);
    await rm(file);
    await expect(trusted(shop, set, file)).rejects.toMatchObject({ code: 'signers-missing' });
  });

  it('does not count for the checklist either', async () => {
    await rewrite((manifest) => {
      manifest.createdAt = '2030-01-01T00:00:00.000Z';
    });
    const { signing } = shop.place;
    if (!signing) throw new Error('no signing');
    const seen = await shop.bench.run(async (systems) => {
      const home = await openRepository(shop.place, systems);
      const wanted = { environment: 'test', database: 'main', buckets: ['invoices'] };
      const limits = { rpoMs: 1, restoreMs: 1, evidenceMaxAgeMs: 1 };
      return observeRepository(home, {
        ...{ wanted, limits, clock: systems.clock, signal: never },
        distrusted: (opened) => distrusted(opened, home, signing, systems),
      });
    });
    expect(seen.set).toMatchObject({
      manifest: null,
      problem: expect.stringContaining('signature'),
    });
  });

  it('is not begun with a key that may not sign, nor without one', async () => {
    const { key } = await newKey(folder, 'stranger', ['backup']);
    const allowedSigners = join(folder, 'allowed_signers');
    for (const [signing, code] of [
      [{ key, allowedSigners }, 'signature-failed'],
      [{ key: join(folder, 'no.key'), allowedSigners }, 'key-unusable'],
      [{ key: undefined, allowedSigners }, 'usage-invalid'],
      [{ key, allowedSigners: join(folder, 'none') }, 'signers-missing'],
    ] as const) {
      const place = { ...shop.place, signing };
      const creating = shop.bench.run((systems) => createSet(sourceOf(), place, systems));
      await expect(creating).rejects.toMatchObject({ code });
    }
    expect(await readdir(join(root, 'sets'))).toEqual([set]);
  });

  it('ends a command with 4', async () => {
    if (!bed) return;
    const cwd = folder;
    const text = (signing: string) => `version: 1
databases: { main: { env: DB_URL } }
repository: { url: "file:repository"${signing} }
`;
    await writeFile(
      join(cwd, 'deploycheck.yaml'),
      text(', signing: { allowedSigners: allowed_signers }'),
    );
    const env = { DB_URL: shop.databaseUrl, TEST_S3: '' };
    const run = (...args: string[]) => deploycheck([...args, '--quiet'], { cwd, env });
    expect((await run('backup', 'verify', set)).exitCode).toBe(0);
    const created = await run('backup', 'create');
    expect([created.exitCode, created.stderr]).toEqual([2, expect.stringContaining('--sign-key')]);
    expect((await run('backup', 'create', '--sign-key', 'backup.key')).exitCode).toBe(0);
    const listed = (await run('backup', 'list')).stdout.split('\n');
    expect(listed[0]).toMatch(/ {2}signed {2}not verified/);
    expect((await run('backup', 'verify')).exitCode).toBe(0);
    await rewrite((manifest) => {
      manifest.createdAt = '2030-01-01T00:00:00.000Z';
    });
    const to = ['--yes', '--to', 'env:DB_URL', '--database', 'never_made'];
    for (const command of [
      ['backup', 'verify', set],
      ['backup', 'rehearse', set],
      ['restore', set, ...to],
    ]) {
      const { exitCode, stderr } = await run(...command);
      expect([exitCode, stderr]).toEqual([4, expect.stringContaining('(signature-failed)')]);
    }
    await writeFile(join(cwd, 'deploycheck.yaml'), text(''));
    expect((await run('backup', 'verify', set)).exitCode).toBe(0);
    const trust = await run('backup', 'verify', set, '--trust', 'allowed_signers');
    expect(trust.exitCode).toBe(4);
  });
});
