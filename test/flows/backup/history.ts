import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { createSet } from '../../../src/backup/create.ts';
import { rehearseSet } from '../../../src/backup/rehearse.ts';
import { type Repository, readWhole } from '../../../src/backup/repository/repository.ts';
import { keepReport } from '../../../src/backup/set/reports.ts';
import { namedSet } from '../../../src/backup/set/sets.ts';
import {
  type BucketSource,
  openRepository,
  type RepositoryRef,
} from '../../../src/backup/sources.ts';
import type { BackupSystems } from '../../../src/backup/systems.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { createBucket, openStore } from '../../systems/buckets.ts';
import { putObject } from './fixture.ts';
import { awsOf, type Bench, bench, never, sourceOf } from './support.ts';

export const dayMs = 86_400_000;

/** A clock that stands at a time; what is measured with it takes no time. */
export const clockAt = (time: Date | string): Clock => ({
  now: () => new Date(time),
  monotonic: () => 0,
});

/** A repository with a set of each day, all of one bucket, and what is done with copies of it. */
export interface History extends AsyncDisposable {
  readonly bench: Bench;
  /** Names of the sets, oldest first. */
  readonly sets: readonly string[];
  /** The folder of a fresh copy. */
  copy(name: string): Promise<string>;
  /** Makes a set of the bucket as it is then. */
  create(
    repository: string,
    at: string,
    change?: Partial<BackupSystems>,
    form?: Omit<RepositoryRef, 'url'>,
  ): Promise<string>;
  /** Changes the one object that every day replaces. */
  change(content: string): Promise<void>;
}

/**
 * Of five days from `first` on. The sets share an object, and each has one of its own; the third is
 * rehearsed.
 * @param store `http://KEY:SECRET@host:port`
 * @param formIn how sets are made, with what keys
 */
export async function history(
  store: string,
  first: string,
  formIn: (folder: string) => Promise<Omit<RepositoryRef, 'url'>> = async () => ({}),
): Promise<History> {
  await using stack = new AsyncDisposableStack();
  const bucket = stack.use(await createBucket(store, 'history'));
  const objects = await openStore(store);
  stack.defer(() => objects.close());
  const at = stack.use(await bench(awsOf(store)));
  const own = await formIn(at.folder);
  const buckets: BucketSource[] = [
    {
      name: 'invoices',
      ref: { endpoint: '', bucket: bucket.name },
      prefix: '',
      tags: false,
      references: [],
    },
  ];
  const root = join(at.folder, 'history');
  const put = (key: string, content: string) =>
    putObject(objects, bucket.name, { key, content: Buffer.from(content) });
  const create: History['create'] = (repository, time, change, form = own) =>
    at.run(
      async (systems) => {
        const place = { ...form, url: `file:${repository}` };
        const made = createSet(sourceOf(buckets, null), place, systems);
        return (await made).manifest.set;
      },
      { clock: clockAt(time), ...change },
    );
  await put('common', 'in every set');
  const sets: string[] = [];
  for (let day = 0; day < 5; day += 1) {
    const time = new Date(Date.parse(first) + day * dayMs);
    await put('daily', `of day ${day}`);
    const set = await create(root, time.toISOString());
    sets.push(set);
    if (day !== 2) continue;
    await at.run(async (systems) =>
      rehearse(await openRepository({ ...own, url: `file:${root}` }, systems), set, systems),
    );
  }
  const disposables = stack.move();
  return {
    bench: at,
    sets,
    create,
    change: (content) => put('daily', content),
    async copy(name) {
      const to = join(at.folder, name);
      await cp(root, to, { recursive: true });
      return to;
    },
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}

async function rehearse(
  repository: Repository,
  set: string,
  systems: BackupSystems,
): Promise<void> {
  const opened = await namedSet(repository, set, never);
  if (!opened.manifest) throw new Error(opened.problem);
  const stage = { server: null, stores: new Map([['invoices', { endpoint: '' }]]) };
  const { rehearsal } = await rehearseSet(opened, stage, repository, systems);
  if (rehearsal.verdict !== 'good') throw new Error(JSON.stringify(rehearsal));
  await keepReport(repository, 'rehearsals', rehearsal, never);
}

/** Copies every name of a repository. */
export async function fill(from: Repository, to: Repository): Promise<void> {
  for (const key of await namesIn(from)) {
    const content = await readWhole(from, key, never);
    if (!content) throw new Error(`${key} is gone`);
    const source = (async function* () {
      yield content;
    })();
    await to.put(key, source, { owner: 'copy' }, never);
  }
}

export async function namesIn(repository: Repository): Promise<string[]> {
  const names: string[] = [];
  for (const folder of [
    'sets/',
    'objects/',
    'rehearsals/',
    'verifications/',
    'tombstones/',
    'removals/',
  ]) {
    for await (const { key } of repository.list(folder, never)) names.push(key);
  }
  return names;
}

/**
 * A repository that is gone from the n-th change on, as for a process that is killed.
 * @param when whether that change is still made
 */
export function dying(inner: Repository, n: number, when: 'before' | 'after') {
  let changes = 0;
  const living = <T>(work: () => Promise<T>): Promise<T> =>
    changes < n ? work() : Promise.reject(new Error('killed'));
  const changing = <T>(work: () => Promise<T>): Promise<T> =>
    living(async () => {
      changes += 1;
      if (changes < n) return work();
      if (when === 'after') await work();
      throw new Error('killed');
    });
  const repository: Repository = {
    ...inner,
    put: (...args) => changing(() => inner.put(...args)),
    remove: (...args) => changing(() => inner.remove(...args)),
    get: (...args) => living(() => inner.get(...args)),
    stat: (...args) => living(() => inner.stat(...args)),
  };
  return { repository, changes: () => changes };
}

/** Calls before anything below `prefix` is removed. */
export function beforeRemoval(
  inner: Repository,
  prefix: string,
  work: (key: string) => Promise<void>,
): Repository {
  return {
    ...inner,
    async remove(key, signal) {
      if (key.startsWith(prefix)) await work(key);
      await inner.remove(key, signal);
    },
  };
}
