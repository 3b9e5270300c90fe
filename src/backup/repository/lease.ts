import { setInterval } from 'node:timers';
import { Fault } from '../../core/fault.ts';
import type { BackupSystems } from '../systems.ts';
import {
  type Holder,
  isLive,
  type LeasePurpose,
  leaseKey,
  readLeases,
  type SeenLease,
  thisHolder,
  writeLease,
} from './lease-files.ts';
import type { Repository } from './repository.ts';

export interface Lease {
  /** Higher than that of every lease before it. */
  readonly token: number;
  /** Aborted with Fault `lease-lost`, or with the reason of the run. Every write should go by it. */
  readonly signal: AbortSignal;
  /**
   * Makes sure of it by a look at the repository: to be called before a step that others believe.
   * @throws Fault `lease-lost`, `repository-*`
   */
  confirm(): Promise<void>;
}

/** Milliseconds for which a lease holds that is not prolonged. */
const defaultTermMs = 120_000;
const claims = 20;

/** Backups disturb each other in nothing; whoever removes has to be alone. */
const conflict = (a: LeasePurpose | null, b: LeasePurpose | null): boolean =>
  a !== 'backup' || b !== 'backup';

/**
 * Announces a writer of a repository to all others. It is prolonged until the scope ends, and lost
 * when that fails for the length of its term, or when the process stood still so long. A name is
 * written once only, so who has lost a lease and does not know it yet can spoil nothing.
 * @throws Fault `repository-locked`, `repository-*`, `objects-*`; the signal's reason
 */
export async function holdLease(
  repository: Repository,
  purpose: LeasePurpose,
  systems: Pick<BackupSystems, 'clock' | 'signal' | 'scope' | 'leaseTermMs'>,
): Promise<Lease> {
  const { clock, scope, leaseTermMs: termMs = defaultTermMs } = systems;
  const holder = await thisHolder();
  const content = () => {
    const until = new Date(clock.now().getTime() + termMs).toISOString();
    return { purpose, until, holder };
  };
  let began = clock.monotonic();
  const claim = () => {
    began = clock.monotonic();
    return content();
  };
  const token = await claimed(repository, purpose, { ...systems, holder, content: claim });

  const lost = new AbortController();
  const lose = (why: string, cause?: unknown): Fault => {
    const fault = new Fault('lease-lost', `${repository.place}: ${why}`, { cause });
    lost.abort(fault);
    return fault;
  };
  let failed: unknown;
  const expired = (): Fault | undefined => {
    if (clock.monotonic() - began < termMs) return undefined;
    return lose(`the lease ${token} was not prolonged for ${termMs / 1000} s`, failed);
  };
  let part = 0;
  const prolong = async () => {
    if (lost.signal.aborted || expired()) return;
    const at = clock.monotonic();
    try {
      part += 1;
      await writeLease(repository, leaseKey(token, part), content(), lost.signal);
      // It may have taken longer than there was time.
      if (expired()) return;
      began = at;
      await repository.remove(leaseKey(token, part - 1), lost.signal);
    } catch (error) {
      failed = error;
    }
  };
  let prolonging = Promise.resolve();
  const timer = setInterval(() => {
    prolonging = prolonging.then(prolong);
  }, termMs / 4).unref();

  await scope.defer(
    `lease ${token} of ${repository.place}`,
    async (signal) => {
      clearInterval(timer);
      await prolonging;
      await givenBack(repository, token, { ...systems, signal, holder, content });
    },
    { deadlineMs: 30_000 },
  );
  await writeLease(repository, leaseKey(token, part), content(), systems.signal);
  return {
    token,
    signal: AbortSignal.any([systems.signal, lost.signal]),
    async confirm() {
      systems.signal.throwIfAborted();
      lost.signal.throwIfAborted();
      const late = expired();
      if (late) throw late;
      const seen = await readLeases(repository, systems.signal);
      if (!seen.some((lease) => lease.token === token && !lease.ended)) {
        throw lose(`the lease ${token} was taken for one of a dead process`);
      }
      const later = seen.find(
        (lease) => lease.token > token && lease.held && conflict(lease.purpose, purpose),
      );
      if (later) throw lose(`the lease ${later.token} was given while ${token} was thought dead`);
      const slow = expired();
      if (slow) throw slow;
    },
  };
}

interface Claiming {
  readonly clock: BackupSystems['clock'];
  readonly signal: AbortSignal;
  readonly holder: Holder;
  readonly content: () => Parameters<typeof writeLease>[2];
}

/** Who of two that conflict claims the higher token withdraws: it can see the lower one. */
async function claimed(
  repository: Repository,
  purpose: LeasePurpose,
  claiming: Claiming,
): Promise<number> {
  const { signal } = claiming;
  for (let tries = 0; tries < claims; tries++) {
    const seen = await readLeases(repository, signal);
    await requireFree(repository, purpose, seen, claiming);
    const token = (seen.at(-1)?.token ?? 0) + 1;
    if (!(await writeLease(repository, leaseKey(token), claiming.content(), signal))) continue;
    const now = await readLeases(repository, signal);
    if (now.some((lease) => lease.token > token && (lease.held || lease.ended))) {
      // What was seen first was old: the name was that of a lease whose files are tidied away.
      await repository.remove(leaseKey(token), signal);
      continue;
    }
    const before = now.filter((lease) => lease.token < token);
    try {
      await requireFree(repository, purpose, before, claiming);
      return token;
    } catch (error) {
      // It was never held, and the one who holds the other need not know of it.
      await repository.remove(leaseKey(token), signal);
      throw error;
    }
  }
  throw new Fault('repository-locked', `${repository.place}: too many ask for a lease at once`);
}

async function requireFree(
  { place }: Repository,
  purpose: LeasePurpose,
  leases: readonly SeenLease[],
  { holder, clock }: Claiming,
): Promise<void> {
  for (const lease of leases) {
    if (!conflict(lease.purpose, purpose) || !(await isLive(lease, holder, clock))) continue;
    const what = lease.purpose ?? `what nobody can read (${lease.keys[0]})`;
    const until = lease.until === null ? '' : `, until ${lease.until} unless it is prolonged`;
    throw new Fault(
      'repository-locked',
      `${place}: a ${purpose} would disturb ${what}, which holds the lease ${lease.token}${until}`,
    );
  }
}

/**
 * Ends a lease, and removes the files of those before it that are over. The last stays: tokens count
 * on from it. What fails here is no matter, for a lease is over by itself after its term.
 */
async function givenBack(
  repository: Repository,
  token: number,
  { signal, holder, clock, content }: Claiming,
): Promise<void> {
  try {
    await writeLease(repository, leaseKey(token, 'end'), content(), signal);
    for (const lease of await readLeases(repository, signal)) {
      if (lease.token > token) return;
      const over = lease.token === token || !(await isLive(lease, holder, clock));
      const kept = lease.token === token ? [leaseKey(token), leaseKey(token, 'end')] : [];
      for (const key of lease.keys) {
        if (over && !kept.includes(key)) await repository.remove(key, signal);
      }
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}
