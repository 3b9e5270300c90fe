import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFile } from '../../../src/core/package-root.ts';
import { shopWorkspace } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { openStore } from '../../systems/buckets.ts';
import { kubectl } from '../../systems/kubernetes.ts';
import { type ShopInCluster, sandboxCredentials, shopInCluster } from '../../systems/shop.ts';
import { connect, never } from '../backup/support.ts';
import { environmentOf, nameSystems, runIn } from './support.ts';

const bed = await systems('kubernetes', 'registry', 'postgres', 'minio', 'toxiproxy');

interface Leftover {
  readonly kind: string;
  readonly ref: string;
}

/** Parts of the time that a whole run takes. */
const moments = [0.3, 0.45, 0.6, 0.75, 0.9];
/** Milliseconds; what is made is made in the first seconds, the rest is watching it. */
const ofChecklist = [900, 1300, 1800, 2600, 6000];
const ofSimulation = [900, 2000, 5000];

describe.skipIf(!bed)('every command, killed with SIGKILL', () => {
  const stack = new AsyncDisposableStack();
  let shop: ShopInCluster;
  let cwd: string;
  let run: ReturnType<typeof runIn>;
  let secret: string;

  beforeAll(async () => {
    if (!bed) return;
    shop = stack.use(await shopInCluster(bed));
    const workspace = stack.use(await shopWorkspace());
    cwd = workspace.release('v2');
    await nameSystems(cwd, shop);
    await shop.render('v2', join(cwd, 'manifests'));
    const credentials = join(workspace.folder, 'sandbox.env');
    await writeFile(credentials, await sandboxCredentials(bed, stack), { mode: 0o600 });
    secret = `shop-credentials=env-file:${credentials}`;
    run = runIn(cwd, shop, bed);
    await shop.deploy('v1');
    expect((await run('backup', 'create')).exitCode).toBe(0);
  }, 180_000);
  afterAll(() => stack.disposeAsync());

  async function killed(args: readonly string[], afterMs: number): Promise<void> {
    if (!bed) return;
    const child = spawn(process.execPath, [packageFile('bin/run.js'), ...args], {
      cwd,
      env: { ...process.env, ...environmentOf(shop, bed) },
      stdio: 'ignore',
    });
    const ended = once(child, 'close');
    await Promise.race([delay(afterMs), ended]);
    child.kill('SIGKILL');
    await ended;
  }

  /** Milliseconds. */
  async function timeOf(args: readonly string[]): Promise<number> {
    const began = performance.now();
    await run(...args);
    return performance.now() - began;
  }

  async function ledger(): Promise<Leftover[]> {
    const folder = join(cwd, '.deploycheck/leftovers');
    const names = await readdir(folder).catch(() => []);
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    // One that was killed while it wrote its entry had not made anything yet.
    return texts.filter((text) => text.endsWith('}')).map((text) => JSON.parse(text));
  }

  /** Those of the things a ledger named that are still there. */
  async function remaining(leftovers: readonly Leftover[]): Promise<string[]> {
    if (!bed) return [];
    const named = (kind: string, field: string): string[] =>
      leftovers.filter((entry) => entry.kind === kind).map(({ ref }) => JSON.parse(ref)[field]);
    await using database = await connect(bed('DEPLOYCHECK_TEST_POSTGRES'));
    const { rows } = await database.query('select datname from pg_database', [], never);
    const databases = rows.map(({ datname }) => String(datname));
    const namespaces = (await kubectl(['get', 'namespaces', '-o', 'name'])).split('\n');
    const store = await openStore(bed('DEPLOYCHECK_TEST_S3'));
    const buckets: string[] = [];
    for (const name of named('scratch-bucket', 'name')) {
      if (await store.bucketExists(name, never)) buckets.push(name);
    }
    store.close();
    return [
      ...named('scratch-database', 'name').filter((name) => databases.includes(name)),
      ...named('kube-namespace', 'name').filter((name) => namespaces.includes(`namespace/${name}`)),
      ...buckets,
    ];
  }

  it.each<[string, readonly number[], readonly string[]]>([
    ['checklist', ofChecklist, ['checklist']],
    ['simulate', ofSimulation, ['simulate']],
    ['simulate --diff-only', moments, ['simulate', '--diff-only']],
    ['backup create', moments, ['backup', 'create']],
    ['backup verify', moments, ['backup', 'verify']],
    ['backup rehearse', moments, ['backup', 'rehearse']],
    ['rollback --dry-run', moments, ['rollback', '--dry-run', 'deploy/shop']],
  ])(
    '%s leaves nothing once `clean` has run',
    async (_, parts, words) => {
      const takesSecret = parts !== moments;
      const args = takesSecret ? [...words, '--secret', secret] : words;
      const left: Leftover[] = [];
      const whole = takesSecret ? 1 : await timeOf(args);
      for (const part of parts) {
        await killed(args, part * whole);
        left.push(...(await ledger()));
      }
      const cleaned = await run('clean');
      expect([cleaned.exitCode, cleaned.stdout]).toEqual([
        0,
        expect.not.stringContaining('not removed'),
      ]);
      expect(await ledger()).toEqual([]);
      expect(await remaining(left)).toEqual([]);
      const runs = await readdir(join(cwd, '.deploycheck/runs')).catch(() => []);
      expect(runs.filter((name) => name.startsWith('.'))).toEqual([]);
      expect((await run('clean')).stdout).toContain('nothing was left behind');
    },
    240_000,
  );

  it('restore leaves the target as it was', async () => {
    const name = `restored_${Date.now()}`;
    const target = ['--to', 'env:SHOP_DATABASE_URL', '--database', name, '--yes'];
    const left: Leftover[] = [];
    const whole = await timeOf(['restore', 'last', ...target.with(3, `${name}_whole`)]);
    for (const part of moments) {
      await killed(['restore', 'last', ...target], part * whole);
      left.push(...(await ledger()));
    }
    expect((await run('clean')).exitCode).toBe(0);
    expect(await remaining(left)).toEqual([]);
    // Killed after it was put in place it is there whole; before that not at all.
    await using database = await connect(shop.databaseUrl);
    const there = await database.query(
      'select 1 from pg_database where datname = $1',
      [name],
      never,
    );
    if (there.rowCount > 0) await database.query(`drop database "${name}"`, [], never);
  }, 120_000);
});
