import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderRepository } from '../../../src/backup/repository/folder.ts';
import type { Repository } from '../../../src/backup/repository/repository.ts';
import type { PruneRules } from '../../../src/backup/retention/plan.ts';
import { nothingKept } from '../../../src/backup/retention/policy.ts';
import { lookAtPrune, type Pruned, prune } from '../../../src/backup/retention/prune.ts';
import { openSets } from '../../../src/backup/set/sets.ts';
import { distrustOf, type Signing } from '../../../src/backup/set/signature.ts';
import { openRepository } from '../../../src/backup/sources.ts';
import { verifySet } from '../../../src/backup/verify.ts';
import { Fault } from '../../../src/core/fault.ts';
import { deploycheck, newKey } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket } from '../../systems/buckets.ts';
import { hasTool } from '../../systems/tools.ts';
import { clockAt, dayMs, dying, fill, type History, history, namesIn } from './history.ts';
import { adaptersWith, awsOf, never, newKeyPair, unique } from './support.ts';

const bed = await systems('minio');

const today = '2026-03-06T12:00:00.000Z';
const plus = (ms: number) => clockAt(new Date(Date.parse(today) + ms));
const last: PruneRules = { policy: { ...nothingKept, last: 1 }, graceMs: 2 * dayMs };
const objects = (names: readonly string[]) => names.filter((name) => /^objects/.test(name)).length;

describe.skipIf(!bed || !hasTool('ssh-keygen'))('a prune of encrypted, signed sets', () => {
  let days: History;
  let sets: readonly string[];
  let signing: Signing;
  let identity: string;
  beforeAll(async () => {
    if (!bed) return;
    days = await history(bed('DEPLOYCHECK_TEST_S3'), '2026-03-01T02:00:00.000Z', async (folder) => {
      const keys = newKeyPair();
      identity = join(folder, 'identity.txt');
      await writeFile(identity, `${keys.identity}\n`, { mode: 0o600 });
      const { key, line } = await newKey(folder, 'backup', ['backup']);
      const allowedSigners = join(folder, 'allowed_signers');
      await writeFile(allowedSigners, line);
      signing = { key, allowedSigners };
      return { identity, signing, encryption: { recipients: [keys.recipient] } };
    });
    sets = days.sets;
  });
  afterAll(() => days?.[Symbol.asyncDispose]());

  const on = (repository: Repository, after = 0, rules = last): Promise<Pruned> =>
    days.bench.run((systems) => prune(repository, rules, systems), {
      clock: plus(after),
      home: join(days.bench.folder, unique('home')),
    });
  const signed = (repository: Repository, policy: Partial<PruneRules['policy']>) =>
    days.bench.run(
      (systems) => {
        const distrusted = distrustOf(repository, { signing }, systems);
        const rules = { ...last, policy: { ...nothingKept, ...policy }, distrusted };
        return lookAtPrune(repository, rules, systems);
      },
      { clock: plus(0) },
    );
  const goingOf = ({ plan }: Pruned) =>
    plan.decisions.flatMap(({ of, keep }) => (keep ? [] : [sets.indexOf(of.set)]));
  /** The sets that can be read, each of which opens with all it has. */
  const whole = (repository: Repository) =>
    days.bench.run(async (systems) => {
      const { identities } = await openRepository({ url: 'file:/', identity }, systems);
      const opened = await openSets(repository, never);
      for (const set of opened) {
        const read = await verifySet(set, { ...repository, identities }, systems);
        expect(read).toMatchObject({ problems: [], opened: true });
      }
      return opened.map(({ set }) => set);
    });
  const copyOf = async () => {
    const root = await days.copy(unique('copy'));
    return { root, repository: folderRepository(root) };
  };

  const inBucket = async (work: (repository: Repository) => Promise<void>) => {
    if (!bed) return;
    await using bucket = await createBucket(bed('DEPLOYCHECK_TEST_S3'), 'sealed');
    const env = awsOf(bed('DEPLOYCHECK_TEST_S3'));
    const url = `s3:${env.AWS_ENDPOINT_URL}/${bucket.name}/shop`;
    const repository = await openRepository({ url }, { adapters: adaptersWith(env), env });
    await fill((await copyOf()).repository, repository);
    await work(repository);
    repository.close();
  };
  const places: [string, (work: (repository: Repository) => Promise<void>) => Promise<void>][] = [
    ['a folder', async (work) => work((await copyOf()).repository)],
    ['a bucket', inBucket],
  ];

  it.each(places)('removes what no other set counts on, without an identity (%s)', (_, within) =>
    within(async (repository) => {
      expect(repository.identities).toBeUndefined();
      expect(objects(await namesIn(repository))).toBe(6);
      expect((await on(repository)).done).toMatchObject({ retired: [sets[0], sets[1], sets[3]] });
      expect(await whole(repository)).toEqual([sets[2], sets[4]]);
      const { done } = await on(repository, 3 * dayMs);
      expect(done).toMatchObject({
        ...{ sets: [sets[0], sets[1], sets[3]], objects: 3, postponed: [], notExamined: [] },
      });
      expect(done?.bytes).toBeGreaterThan(3 * 200);
      expect(await whole(repository)).toEqual([sets[2], sets[4]]);
      expect(objects(await namesIn(repository))).toBe(3);
    }),
  );

  it('removes no object where a list of objects is damaged, whosever it is', async () => {
    for (const [of, expected] of [
      [4, { objects: 0, sets: [], notExamined: [{ set: sets[4] }] }],
      // What was its own stays: it cannot be told any more.
      [0, { objects: 2, sets: [sets[0], sets[1], sets[3]], notExamined: [{ set: sets[0] }] }],
    ] as const) {
      const { root, repository } = await copyOf();
      await on(repository);
      const list = join(root, 'sets', sets[of] ?? '', 'buckets/1-invoices.sha256.zst');
      const bytes = await readFile(list);
      bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 1;
      await writeFile(list, bytes);
      expect((await on(repository, 3 * dayMs)).done).toMatchObject(expected);
    }
  });

  it('stops at a list that it cannot read', async () => {
    const { repository } = await copyOf();
    await on(repository);
    const failing: Repository = {
      ...repository,
      get(key, signal) {
        if (!/sha256\.zst$/.test(key)) return repository.get(key, signal);
        return Promise.reject(new Fault('repository-unreadable', key));
      },
    };
    await expect(on(failing, 3 * dayMs)).rejects.toMatchObject({ code: 'repository-unreadable' });
    expect(objects(await namesIn(repository))).toBe(6);
    expect((await on(repository, 4 * dayMs)).done).toMatchObject({ objects: 3 });
  });

  it('may be cut off while it removes', { timeout: 120_000 }, async () => {
    for (let n = 1; ; n += 1) {
      const { repository } = await copyOf();
      await on(repository);
      const cut = await on(dying(repository, n, 'after').repository, 3 * dayMs).then(
        () => false,
        () => true,
      );
      expect(await whole(repository)).toEqual([sets[2], sets[4]]);
      // One that died between the two halves of a tombstone begins the time of its set again.
      await on(repository, 4 * dayMs);
      await on(repository, 7 * dayMs);
      const left = await namesIn(repository);
      expect([objects(left), left.filter((name) => /^(tomb|rem)/.test(name))]).toEqual([3, []]);
      if (cut) continue;
      expect(n).toBeGreaterThan(15);
      break;
    }
  });

  it('decides on signed sets as if no other were there', async () => {
    const { root, repository } = await copyOf();
    expect(goingOf(await signed(repository, { last: 1 }))).toEqual([0, 1, 3]);
    // A later one that anybody could have made, for the keys to encrypt with are public.
    const made = await days.create(root, '2026-03-06T02:00:00.000Z', {}, {});
    const beside = await signed(repository, { last: 1 });
    expect(goingOf(beside)).toEqual([0, 1, 3]);
    expect(beside.plan.decisions.at(-1)).toMatchObject({
      ...{ of: { set: made, distrusted: 'its manifest is not signed' }, keep: true },
      reasons: ['newest', 'last', 'its manifest is not signed'],
    });
  });

  it('removes none for its signature alone, and takes none without for proven', async () => {
    const { root, repository } = await copyOf();
    await rm(join(root, 'sets', sets[1] ?? '', 'manifest.json.sig'));
    // It would go with a signature, too.
    expect(goingOf(await signed(repository, { last: 1 }))).toEqual([0, 1, 3]);
    expect(goingOf(await signed(repository, { daily: 4 }))).toEqual([]);
    // It takes the day of nobody else, and is judged by its own.
    expect(goingOf(await signed(repository, { daily: 3 }))).toEqual([0, 1]);
    await rm(join(root, 'sets', sets[2] ?? '', 'manifest.json.sig'));
    expect(goingOf(await signed(repository, { last: 1 }))).toEqual([]);
  });

  it('is what the command does, which asks for no identity', async () => {
    const { root } = await copyOf();
    const cwd = join(days.bench.folder);
    await writeFile(
      join(cwd, 'deploycheck.yaml'),
      `version: 1
repository: { url: "file:${root}", signing: { allowedSigners: allowed_signers }, retention: { last: 1 } }
`,
    );
    const run = (...args: string[]) =>
      deploycheck(['backup', 'prune', ...args], { cwd, env: { DEPLOYCHECK_IDENTITY: '/none' } });
    const { exitCode, stdout } = await run('--yes', '--grace', '0s', '--format', 'json');
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([
      0,
      { data: { prune: { sets: [{}, {}, {}, {}, { distrusted: null }], done: { objects: 3 } } } },
    ]);
    await writeFile(join(cwd, 'nobody'), '');
    const nobody = await run('--trust', 'nobody');
    expect([nobody.exitCode, nobody.stdout]).toEqual([
      0,
      expect.stringMatching(/2 sets stay, 0 would be ended[\s\S]*not counted.*signature/),
    ]);
  });
});
