/** Which sets are kept, in restic's words. A set that any of them selects is kept. */
export interface RetentionPolicy {
  /** The newest so many sets. */
  readonly last: number;
  /** The newest set of each of the newest so many days that have one. */
  readonly daily: number;
  /** The same for ISO 8601 weeks, Monday to Sunday. */
  readonly weekly: number;
  readonly monthly: number;
  /** Milliseconds before the newest set, within which every set is kept. */
  readonly withinMs: number;
}

export const nothingKept: RetentionPolicy = {
  last: 0,
  daily: 0,
  weekly: 0,
  monthly: 0,
  withinMs: 0,
};

export const keepsNothing = (policy: RetentionPolicy): boolean =>
  Object.values(policy).every((amount) => amount === 0);

/** What is known of a set: `good` was restored and compared, `bad` was found to be wrong. */
export type Proof = 'good' | 'bad' | 'unproven';

/** A set whose manifest was read. */
export interface DatedSet {
  readonly set: string;
  /** Sets of one environment and database compete with each other only. */
  readonly group: string;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly createdAt: string;
  readonly proof: Proof;
  /** Why it counts for nothing, such as a signature that is missing. */
  readonly distrusted?: string | undefined;
}

export interface Decided<T extends DatedSet = DatedSet> {
  readonly of: T;
  readonly keep: boolean;
  /** Why it is kept; for one that goes, why nothing keeps it. */
  readonly reasons: readonly string[];
}

/** Clocks of two machines may differ by that much, in milliseconds. */
const clockTolerance = 300_000;

/**
 * What becomes of each set, oldest first. The clock is asked for one thing only: a set that is dated
 * ahead of it is kept and counts for nothing, so a clock that jumps back removes nothing, and one that
 * jumps ahead changes nothing.
 *
 * Whatever the policy says, the newest set of a group stays, and so does the newest that was rehearsed;
 * a group without a rehearsed set loses none.
 *
 * A set that counts for nothing changes nothing for one that does, and goes only where it would go if it
 * counted: both beside those that do, and if all did.
 */
export function decideRetention<T extends DatedSet>(
  sets: readonly T[],
  policy: RetentionPolicy,
  now: Date,
): Decided<T>[] {
  const groups = Map.groupBy(sets, ({ group }) => group);
  return [...groups.values()]
    .flatMap((group) => {
      const counting = group.filter(({ distrusted }) => distrusted === undefined);
      const decided = decideGroup(counting, policy, now);
      if (counting.length === group.length) return decided;
      const asIfSigned = decideGroup(group, policy, now).filter(
        ({ of }) => of.distrusted !== undefined,
      );
      return [...decided, ...asIfSigned.map((one) => decideDistrusted(one, counting, policy, now))];
    })
    .sort((a, b) => byTime(a.of, b.of));
}

function decideGroup<T extends DatedSet>(
  group: readonly T[],
  policy: RetentionPolicy,
  now: Date,
): Decided<T>[] {
  const latest = now.getTime() + clockTolerance;
  const ahead = group.filter(({ createdAt }) => Date.parse(createdAt) > latest);
  const counted = group.filter((set) => !ahead.includes(set)).sort((a, b) => byTime(b, a));
  const keptAhead = ahead.map((of) => kept(of, ['dated ahead of this clock']));
  const good = counted.find(({ proof }) => proof === 'good');
  if (!good) {
    return [...keptAhead, ...counted.map((of) => kept(of, ['no set was rehearsed yet']))];
  }
  // One that is known to be bad must not take the place of one that may be good.
  const selected = selectedBy(
    policy,
    counted.filter(({ proof }) => proof !== 'bad'),
  );
  const decided = counted.map((of): Decided<T> => {
    const reasons = [
      ...(of === counted[0] ? ['newest'] : []),
      ...(of === good ? ['newest rehearsed'] : []),
      ...(of.proof === 'bad' && byTime(of, good) > 0 ? ['bad, and nothing newer is proven'] : []),
      ...(selected.get(of) ?? []),
    ];
    if (reasons.length > 0) return kept(of, reasons);
    return { of, keep: false, reasons: [of.proof === 'bad' ? 'bad' : 'beyond the policy'] };
  });
  return [...keptAhead, ...decided];
}

function decideDistrusted<T extends DatedSet>(
  { of, ...asIfSigned }: Decided<T>,
  counting: readonly T[],
  policy: RetentionPolicy,
  now: Date,
): Decided<T> {
  const unproven: T = { ...of, proof: of.proof === 'bad' ? 'bad' : 'unproven' };
  const beside = decideGroup([...counting, unproven], policy, now);
  const both = [asIfSigned, ...beside.filter((one) => one.of === unproven)];
  const keeping = both.filter(({ keep }) => keep);
  const reasons = (keeping.length > 0 ? keeping : both).flatMap((one) => one.reasons);
  return {
    of,
    keep: keeping.length > 0,
    reasons: [...new Set([...reasons, of.distrusted ?? 'it does not count'])],
  };
}

const kept = <T extends DatedSet>(of: T, reasons: readonly string[]): Decided<T> => ({
  of,
  keep: true,
  reasons,
});

/** @param sets newest first */
function selectedBy<T extends DatedSet>(
  policy: RetentionPolicy,
  sets: readonly T[],
): Map<T, string[]> {
  const selected = new Map<T, string[]>();
  const select = (set: T, reason: string) => {
    selected.set(set, [...(selected.get(set) ?? []), reason]);
  };
  for (const set of sets.slice(0, policy.last)) select(set, 'last');
  const rules = [
    ['daily', policy.daily, dayOf],
    ['weekly', policy.weekly, weekOf],
    ['monthly', policy.monthly, monthOf],
  ] as const;
  for (const [name, count, periodOf] of rules) {
    const newest = new Map<string, T>();
    for (const set of sets) {
      const period = periodOf(set.createdAt);
      if (!newest.has(period)) newest.set(period, set);
    }
    for (const [period, set] of [...newest].slice(0, count)) select(set, `${name} ${period}`);
  }
  const [newest] = sets;
  const since = newest && Date.parse(newest.createdAt) - policy.withinMs;
  if (since !== undefined && policy.withinMs > 0) {
    for (const set of sets) if (Date.parse(set.createdAt) >= since) select(set, 'within');
  }
  return selected;
}

/** Oldest first; ids decide between sets of one millisecond. */
const byTime = (a: DatedSet, b: DatedSet): number =>
  Date.parse(a.createdAt) - Date.parse(b.createdAt) || (a.set < b.set ? -1 : 1);

const dayOf = (createdAt: string): string => createdAt.slice(0, 'yyyy-mm-dd'.length);
const monthOf = (createdAt: string): string => createdAt.slice(0, 'yyyy-mm'.length);

/** A week is known by its Monday. */
function weekOf(createdAt: string): string {
  const date = new Date(createdAt);
  const sinceMonday = (date.getUTCDay() + 6) % 7;
  const monday = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return dayOf(new Date(monday - sinceMonday * 86_400_000).toISOString());
}
