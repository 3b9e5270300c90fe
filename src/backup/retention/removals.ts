import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import type { Scope } from '../../core/scope.ts';
import type { Lease } from '../repository/lease.ts';
import { type Holder, hasDied, holderSchema, thisHolder } from '../repository/lease-files.ts';
import {
  isRepositoryKey,
  type Repository,
  readWhole,
  repositoryFolders,
} from '../repository/repository.ts';
import { jsonOf } from './tombstones.ts';

/**
 * `removals/<lease>-<n>.json` lists the objects that a prune removes next. A lease says who may remove;
 * it takes nothing back that was on its way when it was lost, and a clock that is wrong takes a living
 * prune for a dead one. So whoever removes writes the list before it looks at the leases once more, and
 * whoever makes a set takes its lease before it reads the lists: of two at least one sees the other,
 * whatever time it is.
 */
const listSchema = z.object({
  formatVersion: z.literal(1),
  at: z.iso.datetime({ precision: 3 }),
  holder: holderSchema,
  objects: z.array(z.string().refine(isRepositoryKey)),
});

export interface RemovalList {
  readonly key: string;
  readonly at: Date;
  readonly holder: Holder;
  readonly objects: readonly string[];
}

/** Milliseconds after which nothing is on its way any more that a prune sent. */
const settledMs = 6 * 3_600_000;

/** Says which objects go next, before they do. @param objects their keys */
export type Announce = (objects: readonly string[], signal: AbortSignal) => Promise<void>;

/** The lists go with the scope, before the lease does. */
export async function announcing(
  repository: Repository,
  { token }: Pick<Lease, 'token'>,
  { clock, scope }: { readonly clock: Clock; readonly scope: Scope },
): Promise<Announce> {
  const holder = await thisHolder();
  const own: string[] = [];
  await scope.defer(
    `lists of what the prune ${token} removes`,
    async (signal) => {
      for (const key of own) await repository.remove(key, signal);
    },
    { deadlineMs: 60_000 },
  );
  return async (objects, signal) => {
    const name = String(token).padStart(10, '0');
    const key = `${repositoryFolders.removals}${name}-${own.length + 1}.json`;
    const at = clock.now().toISOString();
    const list = { formatVersion: 1, at, holder, objects: [...objects] } satisfies z.infer<
      typeof listSchema
    >;
    own.push(key);
    const content = Readable.from([Buffer.from(JSON.stringify(list))]);
    const { outcome } = await repository.put(key, content, { owner: 'prune' }, signal);
    if (outcome === 'stored') return;
    own.pop();
    throw new Fault('repository-unwritable', `${key} is there already`);
  };
}

/** @throws Fault `repository-unreadable`: what is being removed has to be known */
export async function removalLists(
  repository: Repository,
  signal: AbortSignal,
): Promise<RemovalList[]> {
  const keys: string[] = [];
  for await (const { key } of repository.list(repositoryFolders.removals, signal)) keys.push(key);
  const lists: RemovalList[] = [];
  for (const key of keys) {
    const bytes = await readWhole(repository, key, signal);
    if (!bytes) continue;
    const parsed = listSchema.safeParse(jsonOf(bytes));
    if (!parsed.success) {
      throw new Fault('repository-unreadable', `${key} is no list of what a prune removes`);
    }
    const { at, holder, objects } = parsed.data;
    lists.push({ key, at: new Date(at), holder, objects });
  }
  return lists;
}

/** Removes the lists of prunes that can remove nothing any more. To be called with a lease. */
export async function forgetSettled(
  repository: Repository,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const here = await thisHolder();
  for (const { key, at, holder } of await removalLists(repository, signal)) {
    // Dated far ahead it says nothing about now, either.
    const settled = Math.abs(clock.now().getTime() - at.getTime()) > settledMs;
    if (settled || (await hasDied(holder, here))) await repository.remove(key, signal);
  }
}
