import { join } from 'node:path';
import { createSet } from '../../../src/backup/create.ts';
import { restoreSet } from '../../../src/backup/restore/restore.ts';
import type { Rehearsal } from '../../../src/backup/set/reports.ts';
import { namedSet } from '../../../src/backup/set/sets.ts';
import { type BucketSource, openRepository } from '../../../src/backup/sources.ts';
import type { BackupSystems } from '../../../src/backup/systems.ts';
import { type Bench, never } from './support.ts';

/** Sets of one bucket, which they call `files`, in a folder of a bench. */
const place = (at: Bench) => ({ url: `file:${join(at.folder, 'repository')}` });

/** @returns the name of the set */
export async function createOf(
  at: Bench,
  bucket: string,
  change: Partial<BucketSource> & { readonly endpoint?: string } = {},
): Promise<string> {
  const { endpoint = '', ...rest } = change;
  const ref = { endpoint, bucket };
  const source = { name: 'files', ref, prefix: '', references: [], tags: false, ...rest };
  const from = { environment: 'test', database: null, buckets: [source] };
  return at.run(async (use) => (await createSet(from, place(at), use)).manifest.set);
}

type Opened = [
  Awaited<ReturnType<typeof namedSet>>,
  Awaited<ReturnType<typeof openRepository>>,
  BackupSystems,
];

export function opened<T>(
  at: Bench,
  set: string,
  work: (...opened: Opened) => Promise<T>,
  change: Partial<BackupSystems> = {},
): Promise<T> {
  return at.run(async (use) => {
    const repository = await openRepository(place(at), use);
    await use.scope.defer('repository', () => repository.close());
    return work(await namedSet(repository, set, never), repository, use);
  }, change);
}

export function restoreInto(
  at: Bench,
  set: string,
  name: string,
  { endpoint = '', ...change }: Partial<BackupSystems> & { readonly endpoint?: string } = {},
): Promise<Rehearsal> {
  const work = async (...[of, repository, use]: Opened) => {
    if (!of.manifest) throw new Error(of.problem);
    const buckets = [{ of: 'files', name, place: { endpoint } }];
    const target = { database: null, replace: false, buckets };
    return (await restoreSet(of, target, repository, use)).outcome;
  };
  return opened(at, set, work, change);
}
