import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { hasTool } from '../../systems/tools.ts';
import { databasesOf, type Fixture, fixture } from './fixture.ts';
import { awsOf, newKeyPair, unique } from './support.ts';

const bed = await systems('postgres', 'minio', 'versitygw');

describe.skipIf(!bed || !hasTool('ssh-keygen'))('of an encrypted, signed set', () => {
  let shop: Fixture;
  let set: string;
  let folder: string;
  beforeAll(async () => {
    if (!bed) return;
    shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder', { encrypted: true, signed: true });
    folder = shop.bench.folder;
    set = await shop.create();
    await writeFile(join(folder, 'nobody'), '');
    await writeFile(join(folder, 'other.txt'), `${newKeyPair().identity}\n`);
  });
  afterAll(() => shop?.[Symbol.asyncDispose]());

  const run = (command: string, args: readonly string[] = [], env: Record<string, string> = {}) => {
    const second = bed?.('DEPLOYCHECK_TEST_S3_SECOND') ?? '';
    return deploycheck(['backup', command, '--repository', 'file:repository', ...args], {
      cwd: folder,
      env: { ...awsOf(second), SPARE_DATABASE_URL: shop.serverUrl, ...env },
    });
  };
  const places = ['--server', 'env:SPARE_DATABASE_URL', '--store', ''];
  const drill = (args: readonly string[], env?: Record<string, string>) => {
    places[3] = new URL(bed?.('DEPLOYCHECK_TEST_S3_SECOND') ?? '').origin;
    return run('drill', [...places, ...args], env);
  };
  const trust = ['--trust', 'allowed_signers'];
  const rehearsals = () => readdir(join(folder, 'repository/rehearsals')).catch(() => []);

  it('a drill without the identity could not look, and makes nothing', async () => {
    for (const [args, code] of [
      [trust, 'identity-missing'],
      [[...trust, '--identity', 'other.txt'], 'identity-wrong'],
    ] as const) {
      const { exitCode, stderr } = await drill(args);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`(${code})`)]);
    }
    expect([await rehearsals(), await databasesOf(shop)]).toEqual([[], []]);
  });

  it('a drill is refused when nobody who is trusted signed it', async () => {
    const args = ['--identity', 'identity.txt', '--trust', 'nobody'];
    const { exitCode, stderr } = await drill(args);
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('(signature-failed)')]);
    expect(await rehearsals()).toEqual([]);
  });

  it('freshness and figures do not count it for whoever does not trust its signer', async () => {
    const file = join(folder, 'x.prom');
    const env = ['--env', 'test', '--metrics-file', file];
    await writeFile(
      join(folder, 'deploycheck.yaml'),
      'version: 1\nenvironments: { test: { database: main } }\ndatabases: { main: { env: NONE } }\n',
    );
    const fresh = await run('freshness', [...trust, ...env]);
    expect([fresh.exitCode, fresh.stdout]).toEqual([
      1,
      expect.stringMatching(/^STALE .* old \(limit .*none rehearsed; no backup .* ever rehearsed$/),
    ]);
    expect(await readFile(file, 'utf8')).toMatch(/^deploycheck_backup_sets\{.*\} 1$/m);
    const unknown = await run('freshness', ['--trust', 'nobody', ...env]);
    expect([unknown.exitCode, unknown.stdout]).toEqual([
      1,
      expect.stringMatching(
        /^STALE .*no set, none rehearsed; .*signature of its manifest does not count/,
      ),
    ]);
    const figures = await readFile(file, 'utf8');
    expect(figures).toMatch(/^deploycheck_backup_sets\{.*\} 0$/m);
    expect(figures).toMatch(/^deploycheck_backup_unreadable_sets\{.*\} 1$/m);
    expect(figures).toMatch(/^deploycheck_backup_last_success_timestamp_seconds\{.*\} 0$/m);
    await rm(join(folder, 'deploycheck.yaml'));
  });

  it('a drill with both restores all of it', async () => {
    const identity = { DEPLOYCHECK_IDENTITY: 'identity.txt' };
    const { exitCode, stderr } = await drill(trust, identity);
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringContaining(`everything in ${set} was restored and compared`),
    ]);
    expect(await databasesOf(shop)).toEqual([]);
    expect(await run('freshness', trust)).toMatchObject({
      ...{ exitCode: 0, stdout: expect.stringMatching(/^FRESH .*rehearsed the same/) },
    });
    expect((await run('freshness', ['--trust', 'nobody'])).exitCode).not.toBe(0);
  });

  it('names what the server lacks to whoever drills, and to nobody who reads the repository', async () => {
    const role = unique('reader');
    await shop.sql(`create role ${role}; grant select on numbers to ${role}`);
    const needy = await shop.create();
    await shop.sql(`drop owned by ${role}; drop role ${role}`);
    const { exitCode, stdout } = await drill([...trust, '--identity', 'identity.txt']);
    expect([exitCode, stdout]).toEqual([3, expect.stringContaining(role)]);
    const file = (await rehearsals()).find((name) => name.startsWith(needy)) ?? '';
    const report = await readFile(join(folder, 'repository/rehearsals', file), 'utf8');
    expect(JSON.parse(report)).toMatchObject({
      ...{ verdict: 'could-not-check', lacking: [{ what: 'role' }] },
    });
    expect(report).not.toContain(role);
  });
});
