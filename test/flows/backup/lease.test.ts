import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system.ts';
import { createSet } from '../../../src/backup/create.ts';
import { holdLease, type Lease } from '../../../src/backup/repository/lease.ts';
import { type LeasePurpose, readLeases } from '../../../src/backup/repository/lease-files.ts';
import { listSets } from '../../../src/backup/set/list.ts';
import { openRepository, type RepositoryRef } from '../../../src/backup/sources.ts';
import type { BackupEvent, BackupSystems } from '../../../src/backup/systems.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { packageFile } from '../../../src/core/package-root.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket } from '../../systems/buckets.ts';
import { fixture } from './fixture.ts';
import { awsOf, type Bench, bench, never, sourceOf } from './support.ts';

const bed = await systems('postgres', 'minio', 'versitygw');

/** A clock that is ahead of ours. */
const ahead = (ms: number): Clock => ({
  now: () => new Date(Date.now() + ms),
  monotonic: () => systemClock.monotonic() + ms,
});
const hour = 3_600_000;
async function* nothing() {}

for (const variable of ['folder', 'DEPLOYCHECK_TEST_S3', 'DEPLOYCHECK_TEST_S3_SECOND']) {
  describe.skipIf(!bed)(`leases of a repository in ${variable}`, () => {
    let at: Bench;
    let place: RepositoryRef;
    let stack: AsyncDisposableStack;
    beforeEach(async () => {
      if (!bed) return;
      stack = new AsyncDisposableStack();
      const inFolder = variable === 'folder';
      at = stack.use(await bench(inFolder ? {} : awsOf(bed(variable))));
      place = { url: `file:${join(at.folder, 'repository')}` };
      if (inFolder) return;
      const bucket = stack.use(await createBucket(bed(variable), 'leases'));
      place = { url: `s3:${new URL(bed(variable)).origin}/${bucket.name}/shop` };
    });
    afterEach(() => stack?.disposeAsync());

    /** Works while the lease is held; it is given back by the time this resolves. */
    const holding = <T>(
      purpose: LeasePurpose,
      work: (lease: Lease) => Promise<T>,
      change: Partial<BackupSystems> = {},
    ): Promise<T> =>
      at.run(async (own) => {
        const home = await openRepository(place, own);
        await own.scope.defer('repository', () => home.close());
        return work(await holdLease(home, purpose, own));
      }, change);
    const token = (purpose: LeasePurpose, change?: Partial<BackupSystems>) =>
      holding(purpose, async (lease) => lease.token, change);
    const seen = () => at.run(async (own) => readLeases(await openRepository(place, own), never));
    const locked = { code: 'repository-locked' };

    it('let backups work beside each other, and nobody beside a prune', async () => {
      await holding('backup', async () => {
        expect(await token('backup')).toBe(2);
        await expect(token('prune')).rejects.toMatchObject({
          ...locked,
          message: expect.stringMatching(/a prune would disturb backup, which holds the lease 1/),
        });
      });
      await holding('prune', async (lease) => {
        await expect(token('backup')).rejects.toMatchObject(locked);
        await expect(token('prune')).rejects.toMatchObject(locked);
        // Those who asked in vain took nothing from it.
        await lease.confirm();
      });
      expect(await token('backup')).toBeGreaterThan(3);
    });

    it('have tokens that only grow, and leave few files', async () => {
      const tokens: number[] = [];
      for (let count = 0; count < 4; count++) tokens.push(await token('prune'));
      expect(tokens).toEqual([1, 2, 3, 4]);
      expect(await seen()).toMatchObject([{ token: 4, ended: true, keys: { length: 2 } }]);
    });

    it('have a token of their own, also for one who saw an old listing', async () => {
      for (let count = 0; count < 3; count++) await token('prune');
      const own = await at.run(async (use) => {
        const home = await openRepository(place, use);
        await use.scope.defer('repository', () => home.close());
        // What was there before the first of them, and is tidied away: the name is free again.
        let looks = 0;
        const list: typeof home.list = (prefix, signal) =>
          looks++ === 0 ? nothing() : home.list(prefix, signal);
        return (await holdLease({ ...home, list }, 'prune', use)).token;
      });
      expect(own).toBe(4);
    });

    it('are given to one prune at most of those that ask at once', async () => {
      let held = 0;
      let most = 0;
      const ask = () =>
        holding('prune', async ({ token: own }) => {
          held += 1;
          most = Math.max(most, held);
          await seen();
          held -= 1;
          return own;
        });
      const asked = await Promise.allSettled([1, 2, 3, 4].map(ask));
      expect(most).toBeLessThanOrEqual(1);
      const given = asked.flatMap((entry) => (entry.status === 'fulfilled' ? [entry.value] : []));
      expect(new Set(given).size).toBe(given.length);
      for (const entry of asked) {
        if (entry.status === 'rejected') expect(entry.reason).toMatchObject(locked);
      }
      await token('prune');
    });

    it('are prolonged while they are held', async () => {
      const change = { leaseTermMs: 400 };
      await holding(
        'prune',
        async (lease) => {
          const first = (await seen())[0]?.until ?? '';
          const prolonged = async () => ((await seen())[0]?.until ?? '') > first;
          await vi.waitUntil(prolonged, { timeout: 20_000 });
          if (!lease.signal.aborted) await expect(token('backup')).rejects.toMatchObject(locked);
        },
        change,
      );
    });

    it('are lost to others once they were not prolonged', async () => {
      let late = 0;
      const clock: Clock = {
        now: systemClock.now,
        monotonic: () => systemClock.monotonic() + late,
      };
      await holding(
        'backup',
        async (lease) => {
          await lease.confirm();
          late = hour;
          await expect(lease.confirm()).rejects.toMatchObject({ code: 'lease-lost' });
          expect(lease.signal.reason).toMatchObject({ code: 'lease-lost' });
        },
        { clock },
      );
    });

    it('are lost when another was given meanwhile, whatever its own clock says', async () => {
      await holding('backup', async (lease) => {
        const { holder } = (await seen())[0] ?? {};
        expect(holder?.pid).toBe(process.pid);
        // Somebody whose clock is far ahead took it for dead.
        await token('prune', { clock: ahead(hour) });
        await expect(lease.confirm()).rejects.toMatchObject({ code: 'lease-lost' });
      });
    });

    it('that cannot be read are not passed over', async () => {
      await token('backup');
      await at.run(async (own) => {
        const home = await openRepository(place, own);
        const content = async function* () {
          yield Buffer.from('nonsense');
        };
        await home.put('leases/0000000009.json', content(), { owner: 'x' }, never);
        home.close();
      });
      await expect(token('backup')).rejects.toMatchObject({
        ...locked,
        message: expect.stringContaining('leases/0000000009.json'),
      });
    });
  });
}

describe('a process that holds a lease', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deploycheck-lease-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const start = async (termMs: number) => {
    const file = packageFile('test/flows/backup/stopped-backup.ts');
    const args = [file, `file:${folder}`, String(termMs)];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines: string[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(line));
    const said = (line: RegExp) =>
      vi.waitUntil(() => lines.some((entry) => line.test(entry)), { timeout: 30_000 });
    await said(/^held 1$/);
    return { child, said, lines };
  };
  const tokenOf = async (change: Partial<BackupSystems> = {}) => {
    await using at = await bench({});
    return await at.run(async (own) => {
      const home = await openRepository({ url: `file:${folder}` }, own);
      return (await holdLease(home, 'backup', own)).token;
    }, change);
  };

  const over = async () => {
    await using at = await bench({});
    const [lease] = await at.run(async (own) =>
      readLeases(await openRepository({ url: `file:${folder}` }, own), never),
    );
    return lease?.until != null && Date.parse(lease.until) < Date.now();
  };

  it('and stood still for longer than its term has lost it, and knows', async () => {
    const { child, said, lines } = await start(1000);
    const closed = once(child, 'close');
    child.kill('SIGSTOP');
    await vi.waitUntil(over, { timeout: 20_000 });
    expect(await tokenOf({ clock: ahead(hour) })).toBe(2);
    child.kill('SIGCONT');
    await said(/^lost lease-lost$/);
    child.stdin.write('now\n');
    await said(/^refused lease-lost$/);
    await closed;
    expect(lines).not.toContain('confirmed');
  });

  it('and died is passed over at once on the same machine', async () => {
    const { child } = await start(60_000);
    const closed = once(child, 'close');
    await expect(tokenOf()).rejects.toMatchObject({ code: 'repository-locked' });
    child.kill('SIGKILL');
    await closed;
    expect(await tokenOf()).toBe(2);
  });

  it('and gives it back makes room', async () => {
    const { child, said } = await start(60_000);
    const closed = once(child, 'close');
    child.stdin.write('now\n');
    await said(/^confirmed$/);
    await closed;
    expect(await tokenOf()).toBe(2);
  });
});

describe.skipIf(!bed)('a backup whose lease is lost', () => {
  it.each(['folder', 'DEPLOYCHECK_TEST_S3'])('publishes nothing (%s)', async (repository) => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', repository);
    const first = await shop.create();
    const sets = () =>
      shop.bench.run(async (own) =>
        listSets(await openRepository(shop.place, own), own.clock, never),
      );
    // A prune that takes it for dead, just before the manifest would come.
    let pruned: Promise<number> | undefined;
    const publishing = Promise.withResolvers<void>();
    const onEvent = (event: BackupEvent) => {
      if (event.type !== 'step' || event.name !== 'publish') return;
      pruned = shop.bench.run(
        async (own) => (await holdLease(await openRepository(shop.place, own), 'prune', own)).token,
        { clock: ahead(hour) },
      );
      publishing.resolve();
    };
    let late = 0;
    const clock: Clock = {
      now: systemClock.now,
      monotonic: () => systemClock.monotonic() + late,
    };
    const create = (change: Partial<BackupSystems>) =>
      shop.bench.run((own) => createSet(sourceOf(shop.buckets), shop.place, own), change);
    const stood = create({
      clock,
      onEvent: (event) => {
        if (event.type === 'step' && event.name === 'publish') late = hour;
      },
    });
    await expect(stood).rejects.toMatchObject({ code: 'lease-lost' });
    expect(await sets()).toMatchObject([{ set: first, state: 'complete' }]);

    await Promise.allSettled([create({ onEvent }), publishing.promise]);
    await pruned;
    for (const entry of await sets()) expect(entry.state).toBe('complete');
    expect(await shop.verify(first)).toMatchObject({ verdict: 'good' });
    expect(await shop.verify(await shop.create())).toMatchObject({ verdict: 'good' });
  });

  it('is not begun beside a prune', async () => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    await shop.bench.run(async (own) => {
      await holdLease(await openRepository(shop.place, own), 'prune', own);
      await expect(shop.create()).rejects.toMatchObject({ code: 'repository-locked' });
    });
    expect(await readdir(join(shop.bench.folder, 'repository/partial'))).toEqual([]);
    expect(await shop.create()).toEqual(expect.any(String));
  });
});
