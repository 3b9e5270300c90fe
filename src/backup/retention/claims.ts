import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import { createLedger, orphans } from '../../core/leftovers.ts';
import { type Repository, readWhole, repositoryFolders } from '../repository.ts';
import { openRepository, type RepositoryRef } from '../sources.ts';
import type { BackupAdapters, BackupSystems } from '../systems.ts';
import { jsonOf } from './tombstones.ts';

/**
 * `prunes/<time>-<random>.json` says that a prune is at work, `…-<n>.json` which objects it is about to
 * remove. Whoever prunes or publishes writes its own name first and looks for others after it, so that
 * of two at least one sees the other.
 */
const claimSchema = z.object({
  formatVersion: z.literal(1),
  at: z.iso.datetime({ precision: 3 }),
  objects: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
});

const claimName = /^prunes\/(\d{8}T\d{9}Z-[0-9a-f]{8})(?:-\d+)?\.json$/;
const claimId = /^\d{8}T\d{9}Z-[0-9a-f]{8}$/;

/** Milliseconds after which nobody waits for the prune that wrote a claim. */
const claimHoldsMs = 6 * 3_600_000;
/** Before that it has ended by itself. */
const claimWorksMs = 5 * 3_600_000;

export const pruneLeftover = 'prune-claim';

const refSchema = z.object({ repository: z.string(), id: z.string().regex(claimId) });

export interface PruneClaim {
  /** Says which objects go next, before they do. @param objects their SHA-256 */
  announce(objects: readonly string[], signal: AbortSignal): Promise<void>;
  /** @throws Fault `prune-running` when it has taken so long that another may have begun */
  holds(): void;
}

/**
 * Claims the repository for one prune, until the scope ends.
 * @throws Fault `prune-running`
 */
export async function claimRepository(
  repository: Repository,
  ref: RepositoryRef,
  systems: Pick<BackupSystems, 'scope' | 'home' | 'clock' | 'signal'>,
): Promise<PruneClaim> {
  const { scope, home, clock, signal } = systems;
  const began = clock.monotonic();
  await removeDeadClaims(repository, ref, home, signal);
  const stamp = clock.now().toISOString().replace(/[-:.]/g, '');
  const id = `${stamp}-${randomBytes(4).toString('hex')}`;
  await scope.defer(`claim of a prune ${id}`, (fresh) => removeClaim(repository, id, fresh), {
    deadlineMs: 60_000,
    leftover: {
      kind: pruneLeftover,
      ref: JSON.stringify({ repository: ref.url, id } satisfies z.infer<typeof refSchema>),
    },
  });
  let number = 0;
  const write = async (objects: readonly string[], fresh: AbortSignal) => {
    const suffix = number === 0 ? '' : `-${number}`;
    number += 1;
    const claim = { formatVersion: 1, at: clock.now().toISOString(), objects: [...objects] };
    const content = Readable.from([Buffer.from(JSON.stringify(claim))]);
    const key = `${repositoryFolders.prunes}${id}${suffix}.json`;
    await repository.put(key, content, { owner: id }, fresh);
  };
  await write([], signal);
  await requireAlone(repository, id, clock, signal);
  return {
    announce: write,
    holds() {
      if (clock.monotonic() - began < claimWorksMs) return;
      throw new Fault('prune-running', `this prune took over ${claimWorksMs / 3_600_000} hours`);
    },
  };
}

async function requireAlone(
  repository: Repository,
  own: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (const [id, keys] of await claims(repository, signal)) {
    if (id === own) continue;
    const at = await claimedAt(repository, keys, signal);
    // Dated far ahead it says nothing about now, either.
    if (at === undefined || Math.abs(clock.now().getTime() - at.getTime()) > claimHoldsMs) {
      await removeClaim(repository, id, signal);
      continue;
    }
    throw new Fault(
      'prune-running',
      `${repository.place} is being pruned since ${at.toISOString()} (${repositoryFolders.prunes}${id}.json)`,
    );
  }
}

/** Undefined when it has ended by now. */
async function claimedAt(
  repository: Repository,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<Date | undefined> {
  const times: number[] = [];
  for (const key of keys) {
    const claim = await readClaim(repository, key, signal);
    if (claim) times.push(Date.parse(claim.at));
  }
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** Keys of the claims that are there, by the prune they belong to. */
async function claims(
  repository: Repository,
  signal: AbortSignal,
): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for await (const { key } of repository.list(repositoryFolders.prunes, signal)) {
    const id = claimName.exec(key)?.[1];
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), key]);
  }
  return found;
}

/** @throws Fault `repository-unreadable`: what it is about to remove has to be known */
async function readClaim(
  repository: Repository,
  key: string,
  signal: AbortSignal,
): Promise<z.infer<typeof claimSchema> | undefined> {
  const bytes = await readWhole(repository, key, signal);
  if (!bytes) return undefined;
  const parsed = claimSchema.safeParse(jsonOf(bytes));
  if (parsed.success) return parsed.data;
  throw new Fault('repository-unreadable', `${key} is no claim of a prune`);
}

/** What the prunes that are at work say they remove, by the keys of their claims. */
export async function claimedObjects(
  repository: Repository,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const keys of (await claims(repository, signal)).values()) {
    for (const key of keys) {
      const claim = await readClaim(repository, key, signal);
      if (claim) found.set(key, claim.objects);
    }
  }
  return found;
}

/** The first claim goes last: while one is there, the prune counts as being at work. */
async function removeClaim(repository: Repository, id: string, signal: AbortSignal): Promise<void> {
  const keys = (await claims(repository, signal)).get(id) ?? [];
  for (const key of [...keys].sort((a, b) => b.length - a.length)) {
    await repository.remove(key, signal);
  }
}

/** Claims that processes of this machine made which are dead need not be waited for. */
async function removeDeadClaims(
  repository: Repository,
  { url }: RepositoryRef,
  home: string,
  signal: AbortSignal,
): Promise<void> {
  const folder = join(home, 'leftovers');
  for (const { id, kind, ref } of await orphans(folder)) {
    if (kind !== pruneLeftover) continue;
    const claim = refSchema.safeParse(jsonOf(Buffer.from(ref))).data;
    if (claim?.repository !== url) continue;
    await removeClaim(repository, claim.id, signal);
    await createLedger(folder).settle(id);
  }
}

/**
 * Undoes a leftover of kind `prune-claim`: whoever is dead removes nothing any more. What it began, the
 * next prune ends.
 * @throws Error when the ledger's entry is none that deploycheck writes; a fault of the repository
 */
export async function undoPruneClaim(
  ref: string,
  adapters: BackupAdapters,
  signal: AbortSignal,
): Promise<void> {
  const { repository: url, id } = refSchema.parse(JSON.parse(ref));
  const repository = await openRepository({ url }, { adapters, env: process.env });
  try {
    await removeClaim(repository, id, signal);
  } finally {
    repository.close();
  }
}
