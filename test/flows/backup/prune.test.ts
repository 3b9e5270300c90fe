import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { folderRepository } from '../../../src/backup/repository/folder.ts';
import { holdLease } from '../../../src/backup/repository/lease.ts';
import type { Repository } from '../../../src/backup/repository/repository.ts';
import { nothingKept } from '../../../src/backup/retention/policy.ts';
import { lookAtPrune, type Pruned, prune } from '../../../src/backup/retention/prune.ts';
import { isWhole } from '../../../src/backup/set/manifest.ts';
import { newSetId } from '../../../src/backup/set/set-id.ts';
import { startSet } from '../../../src/backup/set/set-writer.ts';
import { namedSet, openSets } from '../../../src/backup/set/sets.ts';
import { openRepository } from '../../../src/backup/sources.ts';
import type { BackupSystems } from '../../../src/backup/systems.ts';
import { verifySet } from '../../../src/backup/verify.ts';
import { orphans } from '../../../src/core/leftovers.ts';
import { packageFile } from '../../../src/core/package-root.ts';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket } from '../../systems/buckets.ts';
import { faultProxy } from '../../systems/fault-proxy.ts';
import {
  beforeRemoval,
  clockAt,
  dayMs,
  dying,
  fill,
  type History,
  history,
  namesIn,
} from './history.ts';
import { adaptersWith, awsOf, never, unique } from './support.ts';

const bed = await systems('minio', 'versitygw');

const hour = 3_600_000;
const today = '2026-03-06T12:00:00.000Z';
const plus = (ms: number) => clockAt(new Date(Date.parse(today) + ms));
const rules = { policy: { ...nothingKept, last: 1 }, graceMs: 48 * hour };

describe.skipIf(!bed)('a prune', () => {
  let days: History;
  let sets: readonly string[];
  beforeAll(async () => {
    if (!bed) return;
    days = await history(bed('DEPLOYCHECK_TEST_S3'), '2026-03-01T02:00:00.000Z');
    sets = days.sets;
  });
  afterAll(() => days?.[Symbol.asyncDispose]());

  const on = (
    repository: Repository,
    change: Partial<BackupSystems> = {},
    given = rules,
  ): Promise<Pruned> =>
    days.bench.run((systems) => prune(repository, given, systems), {
      clock: plus(0),
      home: join(days.bench.folder, unique('home')),
      ...change,
    });
  /** Ends sets, and days later removes what they leave. */
  const twice = async (repository: Repository) => {
    await on(repository, { clock: plus(7 * hour) });
    return on(repository, { clock: plus(4 * dayMs) });
  };
  const fresh = async () => folderRepository(await days.copy(unique('copy')));
  /** The sets that can be read, each of which has all its bytes. */
  const whole = (repository: Repository) =>
    days.bench.run(async (systems) => {
      const opened = await openSets(repository, never);
      for (const set of opened) {
        expect((await verifySet(set, repository, systems)).problems).toEqual([]);
      }
      return opened.map(({ set }) => set);
    });
  const objects = (names: readonly string[]) =>
    names.filter((name) => name.startsWith('objects/')).length;

  const inBucket = async (variable: string, work: (repository: Repository) => Promise<void>) => {
    if (!bed) return;
    await using bucket = await createBucket(bed(variable), 'prune');
    const env = awsOf(bed(variable));
    await days.bench.run(
      async (systems) => {
        const url = `s3:${env.AWS_ENDPOINT_URL}/${bucket.name}/shop`;
        const repository = await openRepository({ url }, systems);
        await systems.scope.defer('repository', () => repository.close());
        await fill(await fresh(), repository);
        await work(repository);
      },
      { env, adapters: adaptersWith(env) },
    );
  };
  const places: [string, (work: (repository: Repository) => Promise<void>) => Promise<void>][] = [
    ['a folder', async (work) => work(await fresh())],
    ['a bucket of MinIO', (work) => inBucket('DEPLOYCHECK_TEST_S3', work)],
    ['a bucket of versitygw', (work) => inBucket('DEPLOYCHECK_TEST_S3_SECOND', work)],
  ];

  it.each(places)('ends sets at once, and removes their data later (%s)', (_, within) =>
    within(async (repository) => {
      const before = await namesIn(repository);
      const dry = await days.bench.run((systems) =>
        lookAtPrune(repository, rules, { ...systems, clock: plus(0) }),
      );
      expect(dry.plan.decisions.map(({ keep, reasons }) => [keep, reasons])).toEqual([
        [false, ['beyond the policy']],
        [false, ['beyond the policy']],
        [true, ['newest rehearsed']],
        [false, ['beyond the policy']],
        [true, ['newest', 'last']],
      ]);
      expect(await namesIn(repository)).toEqual(before);
      expect(objects(before)).toBe(6);

      const { done } = await on(repository);
      expect(done).toMatchObject({ retired: [sets[0], sets[1], sets[3]], objects: 0, files: 0 });
      expect(await whole(repository)).toEqual([sets[2], sets[4]]);
      // One moment before its time, everything but the manifests is there.
      expect((await on(repository, { clock: plus(48 * hour - 1) })).done).toMatchObject({
        retired: [],
        files: 0,
      });
      expect(objects(await namesIn(repository))).toBe(6);

      const later = await on(repository, { clock: plus(48 * hour) });
      expect(later.done).toMatchObject({
        retired: [],
        sets: [sets[0], sets[1], sets[3]],
        objects: 3,
        files: 18,
        postponed: [],
        notExamined: [],
      });
      expect(await whole(repository)).toEqual([sets[2], sets[4]]);
      const left = await namesIn(repository);
      expect(left).toEqual(before.filter((name) => left.includes(name)));
      expect([objects(left), left.filter((name) => /^(tomb|removals)/.test(name))]).toEqual([
        3,
        [],
      ]);
    }),
  );

  it('leaves a set whose manifest cannot be read, and every object', async () => {
    const root = await days.copy(unique('copy'));
    const repository = folderRepository(root);
    await writeFile(join(root, 'sets', sets[0] ?? '', 'manifest.json'), '{ "cut": ');
    const before = objects(await namesIn(repository));
    await on(repository);
    const { plan, done } = await on(repository, { clock: plus(4 * dayMs) });
    expect(plan.notExamined).toEqual([{ set: sets[0], why: 'its manifest: it is no JSON' }]);
    expect(done).toMatchObject({
      sets: [],
      objects: 0,
      postponed: [{ set: sets[1], why: expect.stringContaining(sets[0] ?? '?') }, { set: sets[3] }],
    });
    expect(objects(await namesIn(repository))).toBe(before);
    expect(await readFile(join(root, 'sets', sets[0] ?? '', 'manifest.json'), 'utf8')).toContain(
      'cut',
    );
  });

  it('leaves every object when what a set counts on is damaged', async () => {
    const root = await days.copy(unique('copy'));
    const repository = folderRepository(root);
    await on(repository);
    const listing = join(root, 'sets', sets[4] ?? '', 'buckets/1-invoices.sha256.zst');
    await writeFile(listing, (await readFile(listing)).subarray(0, -3));
    const { done } = await on(repository, { clock: plus(4 * dayMs) });
    expect(done).toMatchObject({ objects: 0, sets: [], notExamined: [{ set: sets[4] }] });
  });

  it('removes nothing where nothing was rehearsed', async () => {
    const repository = await fresh();
    for (const name of await namesIn(repository)) {
      if (name.startsWith('rehearsals/')) await repository.remove(name, never);
    }
    expect((await on(repository)).done).toMatchObject({ retired: [] });
    expect(await whole(repository)).toEqual(sets);
  });

  /** A set that counts on the object that only the first day has, of a process whose clock says `at`. */
  const begun = async (root: string, systems: BackupSystems, at: string) => {
    const repository = folderRepository(root);
    const own = { ...systems, clock: clockAt(at) };
    const place = { repository, ref: { url: `file:${root}` } };
    const lease = await holdLease(repository, 'backup', own);
    const set = newSetId(new Date(at), 'buckets');
    const writer = await startSet({ ...place, lease }, set, { sealing: null, sign: null }, own);
    const stored = objects(await namesIn(repository));
    await writer.object(Readable.from([Buffer.from('of day 0')]), never);
    return { ...writer, reuses: objects(await namesIn(repository)) === stored };
  };
  const anyManifest = async (repository: Repository) => {
    const { manifest } = await namedSet(repository, 'last', never);
    if (!manifest || !isWhole(manifest)) throw new Error('no manifest');
    return manifest;
  };
  /** @returns the name of the set, or what it failed with */
  const making = (root: string, at: string): Promise<unknown> =>
    days.create(root, at).catch((error) => error);
  const lost = { code: 'lease-lost' };

  it('removes no object while a set is being made', async () => {
    const root = await days.copy(unique('copy'));
    const repository = folderRepository(root);
    await on(repository);
    const later = { clock: plus(4 * dayMs) };
    await days.bench.run(async (systems) => {
      await begun(root, systems, later.clock.now().toISOString());
      await expect(on(repository, later)).rejects.toMatchObject({ code: 'repository-locked' });
    });
    // One whose clock is behind is taken for dead.
    await days.bench.run(async (systems) => {
      const writer = await begun(root, systems, '2026-03-09T00:00:00.000Z');
      expect(writer.reuses).toBe(true);
      const { done } = await on(repository, later);
      expect(done).toMatchObject({ objects: 0, sets: [], postponed: [{}, {}, {}] });
      await expect(writer.publish(await anyManifest(repository))).rejects.toMatchObject(lost);
    });
    expect((await on(repository, later)).done).toMatchObject({ objects: 3 });
  });

  it('lets no set appear while it looks, and goes no further when one did', async () => {
    const root = await days.copy(unique('copy'));
    await on(folderRepository(root));
    await days.change('of day 0');
    const inner = folderRepository(root);
    const withSet = (at: string) => {
      const tried: unknown[] = [];
      const repository: Repository = {
        ...inner,
        async put(key, ...rest) {
          // Its list of what to remove is about to be written, and was made before this set.
          if (key.startsWith('removals/')) tried.push(await making(root, at));
          return inner.put(key, ...rest);
        },
      };
      return { repository, tried };
    };
    const ahead = withSet('2026-03-11T11:00:00.000Z');
    await expect(on(ahead.repository, { clock: plus(4 * dayMs) })).rejects.toMatchObject(lost);
    const [made] = ahead.tried;
    expect(await whole(inner)).toEqual([sets[2], sets[4], made]);
    const right = withSet('2026-03-12T12:00:00.000Z');
    const { done } = await on(right.repository, { clock: plus(6 * dayMs) });
    expect(right.tried).toMatchObject([{ code: 'repository-locked' }]);
    expect(done).toMatchObject({
      ...{ retired: [sets[4]], objects: 2, sets: [sets[0], sets[1], sets[3]] },
    });
    expect(await whole(inner)).toEqual([sets[2], made]);
  });

  it('keeps a set from being published that counts on what is being removed', async () => {
    const root = await days.copy(unique('copy'));
    const inner = folderRepository(root);
    await on(inner);
    await days.change('of day 0');
    const tried: unknown[] = [];
    // No object is removed before it was tried, by a process whose clock is far ahead.
    let trying: Promise<void> | undefined;
    const publish = async () => void tried.push(await making(root, '2026-03-20T00:00:00.000Z'));
    const repository = beforeRemoval(inner, 'objects/', () => (trying ??= publish()));
    await expect(on(repository, { clock: plus(4 * dayMs) })).rejects.toMatchObject(lost);
    expect(tried).toMatchObject([
      { code: 'repository-unreadable', message: expect.stringContaining('is on a list of what') },
    ]);
    const set = await days.create(root, '2026-03-10T13:00:00.000Z');
    expect(await whole(inner)).toEqual([sets[2], sets[4], set]);
    const { done } = await on(inner, { clock: plus(5 * dayMs) });
    expect(done).toMatchObject({ objects: 0, sets: [sets[0], sets[1], sets[3]] });
    expect(await whole(inner)).toEqual([sets[2], set]);
  });

  it('and one that counted on what was removed while it was made', async () => {
    const root = await days.copy(unique('copy'));
    const inner = folderRepository(root);
    await on(inner);
    await days.bench.run(async (systems) => {
      let beginning: ReturnType<typeof begun> | undefined;
      const begin = () => (beginning ??= begun(root, systems, '2026-03-20T00:00:00.000Z'));
      const repository = beforeRemoval(inner, 'objects/', async () => void (await begin()));
      await expect(on(repository, { clock: plus(4 * dayMs) })).rejects.toMatchObject(lost);
      const manifest = await anyManifest(inner);
      await expect((await begin()).publish(manifest)).rejects.toMatchObject({
        code: 'repository-unreadable',
        message: expect.stringContaining('was removed by a prune meanwhile'),
      });
    });
  });

  it('that died leaves its list, until nothing it sent can be on its way', async () => {
    const root = await days.copy(unique('copy'));
    const inner = folderRepository(root);
    await on(inner);
    await days.change('of day 0');
    const clock = plus(4 * dayMs);
    const listed = async () => (await namesIn(inner)).filter((name) => name.startsWith('removals'));
    for (let n = 1; (await listed()).length === 0; n += 1) {
      const { repository } = dying(inner, n, 'after');
      await expect(on(repository, { clock: plus(4 * dayMs + n * hour) })).rejects.toThrow();
    }
    const [list = ''] = await listed();
    const path = join(root, list);
    const content = JSON.parse(await readFile(path, 'utf8'));
    const heldBy = (change: object) =>
      writeFile(path, JSON.stringify({ ...content, holder: { ...content.holder, ...change } }));
    const at = (hours: number) => new Date(clock.now().getTime() + hours * hour).toISOString();
    // On another machine nobody can see that it is dead.
    await heldBy({ place: 'elsewhere' });
    expect(await making(root, at(20))).toMatchObject({
      message: expect.stringContaining('is on a list of what'),
    });
    await heldBy({ pidStart: 'long ago' });
    expect(await making(root, at(21))).toEqual(expect.any(String));
    await heldBy({ place: 'elsewhere' });
    const early = new Date(Date.parse(content.at) + 5 * hour);
    expect((await on(inner, { clock: clockAt(early) })).done).toMatchObject({ objects: 2 });
    expect(await listed()).toEqual([list]);
    await on(inner, { clock: clockAt(new Date(early.getTime() + 2 * hour)) });
    expect(await listed()).toEqual([]);
  });

  it('is the only one of its repository', async () => {
    const inner = await fresh();
    const second: unknown[] = [];
    const repository = beforeRemoval(inner, 'sets/', async () => {
      second.push(await on(inner).catch((error) => error));
    });
    await on(repository);
    expect(second).toMatchObject([1, 2, 3].map(() => ({ code: 'repository-locked' })));
  });

  it('ends a run that broke off long ago, which cannot be published then', async () => {
    const root = await days.copy(unique('copy'));
    const repository = folderRepository(root);
    await days.bench.run(async (systems) => {
      const writer = await begun(root, systems, '2026-03-01T00:00:00.000Z');
      const young = await on(repository, { clock: plus(0) });
      expect(young.done).toMatchObject({ retired: [sets[0], sets[1], sets[3]] });
      const held = await on(repository, { clock: plus(2 * dayMs) });
      expect(held.done).toMatchObject({ sets: [], objects: 0, retired: [writer.set] });
      await expect(writer.publish(await anyManifest(repository))).rejects.toMatchObject({
        message: expect.stringContaining('gave it up'),
      });
      expect((await on(repository, { clock: plus(5 * dayMs) })).done).toMatchObject({
        sets: [writer.set, sets[0], sets[1], sets[3]],
        objects: 3,
      });
    });
    expect((await namesIn(repository)).some((name) => name.includes('-buckets-'))).toBe(true);
    expect(await whole(repository)).toEqual([sets[2], sets[4]]);
  });

  it('takes a set whose manifest somebody lost for no run that broke off', async () => {
    const root = await days.copy(unique('copy'));
    const repository = folderRepository(root);
    await repository.remove(`sets/${sets[0]}/manifest.json`, never);
    const { plan, done } = await on(repository, { clock: plus(30 * dayMs) });
    expect(done?.retired).toEqual([sets[1], sets[3]]);
    expect(plan.notExamined).toMatchObject([{ set: sets[0] }]);
  });

  it('can be taken back until the data go, by putting the manifest in its place', async () => {
    const root = await days.copy(unique('copy'));
    const repository = folderRepository(root);
    await on(repository);
    const page = await readFile(packageFile('docs/backup-format.md'), 'utf8');
    const commands = /^```bash\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? 'false';
    await execa('bash', ['-euo', 'pipefail', '-c', commands], {
      env: { REPOSITORY: root, SET: sets[0] ?? '' },
    });
    expect(await whole(repository)).toEqual([sets[0], sets[2], sets[4]]);
    // Ended again, its time begins again.
    const again = await on(repository, { clock: plus(47 * hour) });
    expect(again.done?.retired).toEqual([sets[0]]);
    expect((await on(repository, { clock: plus(49 * hour) })).done?.sets).toEqual([
      sets[1],
      sets[3],
    ]);
  });

  it('may be cut off before and after each of its steps', { timeout: 300_000 }, async () => {
    const expected = await fresh();
    await on(expected);
    await twice(expected);
    const end = await namesIn(expected);
    let cuts = 0;
    for (const phase of ['end', 'remove'] as const) {
      for (const when of ['before', 'after'] as const) {
        for (let n = 1; ; n += 1) {
          const inner = await fresh();
          if (phase === 'remove') await on(inner);
          const { repository, changes } = dying(inner, n, when);
          const first = phase === 'end' ? plus(0) : plus(3 * dayMs);
          const cut = await on(repository, { clock: first }).then(
            () => false,
            () => true,
          );
          if (!cut) {
            expect(changes()).toBe(n - 1);
            break;
          }
          cuts += 1;
          const still = await whole(inner);
          expect(still, `${phase} ${when} ${n}`).toEqual(
            expect.arrayContaining([sets[2], sets[4]]),
          );
          if (phase === 'remove') expect(still).toEqual([sets[2], sets[4]]);
          await on(inner, { clock: plus(3 * dayMs + 7 * hour) });
          await on(inner, { clock: plus(6 * dayMs) });
          expect(await namesIn(inner), `${phase} ${when} ${n}`).toEqual(end);
          expect(await whole(inner)).toEqual([sets[2], sets[4]]);
        }
      }
    }
    process.stderr.write(`prune cut off at ${cuts} points\n`);
    expect(cuts).toBeGreaterThan(90);
  });

  describe('of the command', () => {
    let repository: Repository;
    let url: string;
    let cwd: string;
    let env: Readonly<Record<string, string>>;
    beforeEach(async () => {
      cwd = join(days.bench.folder, unique('work'));
      await mkdir(cwd);
      url = `file:${await days.copy(unique('copy'))}`;
      repository = folderRepository(url.slice('file:'.length));
      env = bed ? awsOf(bed('DEPLOYCHECK_TEST_S3')) : {};
    });
    const run = (...args: string[]) =>
      deploycheck(['backup', 'prune', '--repository', url, ...args], { cwd, env });

    it('says what it would do, and does it when told to', async () => {
      const dry = await run('--keep-last', '1');
      expect([dry.exitCode, dry.stdout]).toEqual([
        0,
        expect.stringMatching(
          /2 sets stay, 3 would be ended[\s\S]*newest rehearsed[\s\S]*--yes does it/,
        ),
      ]);
      expect(await whole(repository)).toEqual(sets);
      const done = await run('--keep-last', '1', '--grace', '0s', '--yes', '--format', 'json');
      expect([done.exitCode, JSON.parse(done.stdout)]).toMatchObject([
        0,
        {
          verdict: 'go',
          data: { prune: { done: { erased: [sets[0], sets[1], sets[3]], objects: 3 } } },
        },
      ]);
      expect(await whole(repository)).toEqual([sets[2], sets[4]]);
      expect((await run('--keep-last', '1')).stdout).toMatch(/2 sets stay, 0 would be ended/);
    });

    it('takes the policy from the configuration, and wants one', async () => {
      await expect(run()).resolves.toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('repository.retention'),
      });
      await writeFile(
        join(cwd, 'deploycheck.yaml'),
        `version: 1\nrepository: { url: "${url}", retention: { daily: 4, within: 1d } }\n`,
      );
      expect((await run()).stdout).toMatch(/4 sets stay, 1 would be ended/);
      expect((await run('--keep-daily', '3')).stdout).toMatch(/3 sets stay, 2 would be ended/);
    });

    it('says that it could not look at everything', async () => {
      const cut = join(url.slice('file:'.length), 'sets', sets[0] ?? '', 'manifest.json');
      await writeFile(cut, '{');
      const { exitCode, stdout } = await run('--keep-last', '1', '--yes');
      expect([exitCode, stdout]).toEqual([3, expect.stringContaining(`left alone: ${sets[0]}`)]);
    });

    /** Kills the program while it waits for the n-th change of a repository in a bucket. */
    const killedAt = async (n: number) => {
      if (!bed) throw new Error('no bed');
      await using bucket = await createBucket(bed('DEPLOYCHECK_TEST_S3'), 'killed');
      await using proxy = await faultProxy(new URL(bed('DEPLOYCHECK_TEST_S3')).host);
      const direct = await openRepository(
        { url: `s3:${env.AWS_ENDPOINT_URL}/${bucket.name}/shop` },
        { adapters: adaptersWith(env), env },
      );
      await fill(repository, direct);
      url = `s3:http://${proxy.address}/${bucket.name}/shop`;
      let seen = 0;
      proxy.play(({ method }) => {
        if (method === 'PUT' || method === 'DELETE') seen += 1;
        return seen === n ? 'hang' : undefined;
      });
      const args = ['backup', 'prune', '--repository', url];
      const policy = ['--keep-last', '1', '--grace', '0s', '--yes'];
      const child = spawn(process.execPath, [packageFile('bin/run.js'), ...args, ...policy], {
        cwd,
        env: { ...process.env, ...env },
        stdio: 'ignore',
      });
      const closed = once(child, 'close');
      await Promise.race([proxy.until(() => seen >= n), closed]);
      child.kill('SIGKILL');
      const [code] = await closed;
      proxy.play(() => undefined);
      const killed = code === null;
      const still = await whole(direct);
      expect(still).toEqual(expect.arrayContaining([sets[2], sets[4]]));
      if (n % 2 === 0) {
        const { stdout } = await deploycheck(['clean'], { cwd, env });
        expect(stdout).not.toContain('not removed');
      }
      // The next one knows that the process is dead, and does not wait.
      const next = await run(...policy);
      expect([next.exitCode, next.stderr], `at ${n}`).toEqual([0, expect.any(String)]);
      expect(await whole(direct)).toEqual([sets[2], sets[4]]);
      const names = await namesIn(direct);
      expect([objects(names), names.filter((name) => /^(tomb|removals)/.test(name))]).toEqual([
        3,
        [],
      ]);
      const left = await orphans(join(cwd, '.deploycheck/leftovers'));
      expect(left.map(({ kind }) => kind).filter((kind) => kind !== 'folder')).toEqual([]);
      direct.close();
      return killed;
    };

    it.each([1, 2, 3, 4, 5, 6, 10, 12, 13, 14, 16, 20, 24, 28])(
      'that is killed at change %i is ended by the next',
      async (n) => {
        expect(await killedAt(n)).toBe(true);
      },
    );
  });
});
