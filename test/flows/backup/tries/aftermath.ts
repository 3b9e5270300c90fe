import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSums } from '../../../../src/backup/bucket/listing.ts';
import {
  type Repository,
  repositoryFolders,
} from '../../../../src/backup/repository/repository.ts';
import { listSets } from '../../../../src/backup/set/list.ts';
import { fileAt } from '../../../../src/backup/set/manifest.ts';
import { openSets } from '../../../../src/backup/set/sets.ts';
import { openRepository } from '../../../../src/backup/sources.ts';
import { verifySet } from '../../../../src/backup/verify.ts';
import { orphans } from '../../../../src/core/leftovers.ts';
import { databasesOf } from '../fixture.ts';
import { never } from '../support.ts';
import type { Rig } from './rig.ts';

/** What the ledger says that a killed run has made. */
export async function scratchBuckets({ home }: Rig): Promise<readonly string[]> {
  const left = await orphans(join(home, 'leftovers')).catch(() => []);
  return left
    .filter(({ kind }) => kind === 'scratch-bucket')
    .map(({ ref }): string => JSON.parse(ref).name);
}

/** Sets that were found good, so that each is read once. */
export type Read = Set<string>;

/**
 * What is not as it has to be once a run has ended and `clean` has run.
 * @param known databases that may be there
 * @param scratch buckets that may not
 */
export async function wrongAfter(
  rig: Rig,
  read: Read,
  { known, scratch }: { readonly known: readonly string[]; readonly scratch: readonly string[] },
): Promise<readonly string[]> {
  const { shop, home } = rig;
  const wrong: string[] = [];
  const none = (what: string, names: readonly string[]) => {
    if (names.length > 0) wrong.push(`${what}: ${names.join(', ')}`);
  };
  const databases = await databasesOf(shop);
  none(
    'scratch databases',
    databases.filter((name) => !known.includes(name)),
  );
  for (const name of scratch) {
    if (await shop.store.bucketExists(name, never)) none('scratch bucket', [name]);
  }
  none('temporary files', await rig.temporary());
  none('ledger', await readdir(join(home, 'leftovers')).catch(() => []));
  none(
    'journals',
    (await readdir(home)).filter((name) => name.endsWith('.journal')),
  );
  await shop.bench.run(async (systems) => {
    const repository = await openRepository(shop.place, systems);
    await systems.scope.defer('repository', () => repository.close());
    const listed = await listSets(repository, systems.clock, never);
    none(
      'sets that are none',
      listed.filter(({ state }) => state !== 'complete').map(({ set, state }) => `${set} ${state}`),
    );
    for (const opened of await openSets(repository, never)) {
      if (read.has(opened.set)) continue;
      const { verdict, problems } = await verifySet(opened, repository, systems);
      if (verdict === 'good') read.add(opened.set);
      else
        none(
          `set ${opened.set}`,
          problems.map(({ path, problem }) => `${path} ${problem}`),
        );
    }
    none('objects that no set counts on', await uncounted(repository));
    none('partial', await partial(rig));
  });
  return wrong;
}

async function uncounted(repository: Repository): Promise<readonly string[]> {
  const counted = new Set<string>();
  for (const { manifest } of await openSets(repository, never)) {
    for (const bucket of manifest?.buckets ?? []) {
      if (!manifest) continue;
      const sums = readSums(repository, manifest.set, fileAt(manifest, bucket.sums), never);
      for await (const key of sums) counted.add(key);
    }
  }
  const left: string[] = [];
  for await (const { key } of repository.list(repositoryFolders.objects, never)) {
    if (!counted.has(key)) left.push(key);
  }
  return left;
}

/** What is half-written: files of a folder, uploads of a bucket. */
async function partial({ shop }: Rig): Promise<readonly string[]> {
  const { url } = shop.place;
  if (url.startsWith('file:')) {
    return readdir(join(url.slice('file:'.length), 'partial'));
  }
  const [bucket = ''] = new URL(url.slice('s3:'.length)).pathname.slice(1).split('/');
  const uploads: string[] = [];
  for await (const { key } of (await shop.store.listUploads(bucket, '', never)) ?? []) {
    uploads.push(key);
  }
  return uploads;
}

/** Content of every file of the oldest set, which nothing may touch. */
export async function oldest({ shop }: Rig): Promise<string> {
  return shop.bench.run(async (systems) => {
    const repository = await openRepository(shop.place, systems);
    await systems.scope.defer('repository', () => repository.close());
    const [first] = await openSets(repository, never);
    if (!first) return 'none';
    const { verdict, manifest } = await verifySet(first, repository, systems);
    return `${first.set} ${manifest} ${verdict}`;
  });
}
