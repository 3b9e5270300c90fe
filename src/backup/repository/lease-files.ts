import { readFile, readlink } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { startOfProcess } from '../../core/leftovers.ts';
import { type Repository, readWhole, repositoryFolders } from './repository.ts';

/**
 * Leases of a repository: files that are written once. `leases/0000000007.json` claims the token 7,
 * `leases/0000000007.0000.json` says that it is held, `leases/0000000007.0001.json` prolongs it, and
 * `leases/0000000007.end.json` gives it back.
 */
const pattern = /^leases\/(\d{10})(?:\.(\d{4,}|end))?\.json$/;

export const leasePurposes = ['backup', 'prune'] as const;
export type LeasePurpose = (typeof leasePurposes)[number];

export const holderSchema = z.object({
  /** Machine and process namespace; null where they cannot be told. */
  place: z.string().nullable(),
  pid: z.int(),
  pidStart: z.string().nullable(),
});

const contentSchema = z.object({
  purpose: z.enum(leasePurposes),
  /** By the clock of the holder. */
  until: z.iso.datetime({ precision: 3 }),
  holder: holderSchema,
});

type LeaseContent = z.infer<typeof contentSchema>;
export type Holder = z.infer<typeof holderSchema>;

export interface SeenLease {
  readonly token: number;
  /** Null where the file is none that deploycheck writes. */
  readonly purpose: LeasePurpose | null;
  readonly ended: boolean;
  /** It was not only asked for. */
  readonly held: boolean;
  readonly until: string | null;
  readonly holder: Holder | null;
  readonly keys: readonly string[];
}

export const leaseKey = (token: number, part?: number | 'end'): string => {
  const name = String(token).padStart(10, '0');
  const suffix =
    typeof part === 'number' ? `.${String(part).padStart(4, '0')}` : part && `.${part}`;
  return `${repositoryFolders.leases}${name}${suffix ?? ''}.json`;
};

/** @returns whether the name was free */
export async function writeLease(
  repository: Repository,
  key: string,
  content: LeaseContent,
  signal: AbortSignal,
): Promise<boolean> {
  const bytes = Readable.from([Buffer.from(`${JSON.stringify(content)}\n`)]);
  return (await repository.put(key, bytes, { owner: 'lease' }, signal)).outcome === 'stored';
}

/** Every lease there is, lowest token first. */
export async function readLeases(
  repository: Repository,
  signal: AbortSignal,
): Promise<SeenLease[]> {
  const keysOf = new Map<number, string[]>();
  for await (const { key } of repository.list(repositoryFolders.leases, signal)) {
    const token = Number(pattern.exec(key)?.[1] ?? Number.NaN);
    if (!Number.isNaN(token)) keysOf.set(token, [...(keysOf.get(token) ?? []), key]);
  }
  const seen: SeenLease[] = [];
  for (const [token, keys] of [...keysOf].sort(([a], [b]) => a - b)) {
    const ended = keys.includes(leaseKey(token, 'end'));
    const content = await newest(repository, token, keys, signal);
    // Between the two looks its holder gave it back, and tidied up.
    if (content === undefined) continue;
    const { purpose = null, until = null, holder = null } = content ?? {};
    seen.push({ token, keys, ended, held: keys.length > 1, purpose, until, holder });
  }
  return seen;
}

/** @returns null when nobody can read it, undefined when it is gone */
async function newest(
  repository: Repository,
  token: number,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<LeaseContent | null | undefined> {
  const latest = keys
    .filter((key) => key !== leaseKey(token, 'end'))
    .sort(byPart)
    .at(-1);
  const bytes = latest && (await readWhole(repository, latest, signal));
  if (!bytes) return undefined;
  try {
    return contentSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return null;
  }
}

const partOf = (key: string): number => Number(pattern.exec(key)?.[2] ?? -1);
const byPart = (a: string, b: string): number => partOf(a) - partOf(b);

/** This process, so that others on the same machine can tell that it died. */
export async function thisHolder(): Promise<Holder> {
  const told = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    readlink('/proc/self/ns/pid'),
  ]).catch(() => undefined);
  const place = told ? told.map((text) => text.trim()).join(' ') : null;
  return { place, pid: process.pid, pidStart: await startOfProcess(process.pid) };
}

/** Clocks of two machines may differ by so much. */
const skewMs = 60_000;

/** Whether a lease may still be held. What cannot be read may be. */
export async function isLive(
  { ended, until, holder }: SeenLease,
  here: Holder,
  clock: Clock,
): Promise<boolean> {
  if (ended) return false;
  if (until === null || !holder) return true;
  if (Date.parse(until) + skewMs < clock.now().getTime()) return false;
  return !(await hasDied(holder, here));
}

/** Whether a process is seen to have died; never where it ran on another machine. */
export async function hasDied({ place, pid, pidStart }: Holder, here: Holder): Promise<boolean> {
  if (place === null || place !== here.place || pidStart === null) return false;
  return (await startOfProcess(pid)) !== pidStart;
}
