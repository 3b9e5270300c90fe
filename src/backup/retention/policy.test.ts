import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DatedSet,
  decideRetention,
  nothingKept,
  type Proof,
  type RetentionPolicy,
} from './policy.ts';

const at = (createdAt: string, proof: Proof = 'good', group = 'shop'): DatedSet => ({
  set: `${createdAt.replace(/[-:.]/g, '')}-shop-00000000`,
  group,
  createdAt,
  proof,
});

const days = (...dates: string[]): DatedSet[] => dates.map((date) => at(`${date}T02:00:00.000Z`));

const keptBy = (policy: Partial<RetentionPolicy>, sets: readonly DatedSet[], now = '2100-01-01') =>
  decideRetention(sets, { ...nothingKept, ...policy }, new Date(now))
    .filter(({ keep }) => keep)
    .map(({ of }) => of.createdAt.slice(0, 10));

describe('the policy', () => {
  it('tells of a set that does not count why, and whether it goes as others do', () => {
    const sets = [
      { ...at('2026-03-01T02:00:00.000Z'), distrusted: 'unsigned' },
      at('2026-03-02T02:00:00.000Z'),
      { ...at('2026-03-03T02:00:00.000Z'), distrusted: 'unsigned' },
      at('2026-03-04T02:00:00.000Z', 'unproven'),
    ];
    const decided = decideRetention(sets, { ...nothingKept, last: 1 }, new Date('2027-01-01'));
    expect(decided.map(({ keep, reasons }) => [keep, reasons])).toEqual([
      [false, ['beyond the policy', 'unsigned']],
      [true, ['newest rehearsed']],
      // With a signature it would be the newest that is proven.
      [true, ['newest rehearsed', 'unsigned']],
      [true, ['newest', 'last']],
    ]);
  });

  it('counts days that have a set, and keeps the newest set of each', () => {
    const sets = [
      at('2026-03-01T23:59:59.999Z'),
      at('2026-03-05T00:00:00.000Z'),
      at('2026-03-05T12:00:00.000Z'),
      at('2026-03-09T00:00:00.000Z'),
    ];
    const decided = decideRetention(sets, { ...nothingKept, daily: 2 }, new Date('2027-01-01'));
    expect(decided.map(({ keep, reasons }) => [keep, reasons])).toEqual([
      [false, ['beyond the policy']],
      [false, ['beyond the policy']],
      [true, ['daily 2026-03-05']],
      [true, ['newest', 'newest rehearsed', 'daily 2026-03-09']],
    ]);
  });

  it('has weeks from Monday to Sunday, across the turn of the year', () => {
    // 2024-12-30 is a Monday, 2025-01-05 the Sunday after it.
    const sets = days('2024-12-29', '2024-12-30', '2025-01-01', '2025-01-05', '2025-01-06');
    expect(keptBy({ weekly: 3 }, sets)).toEqual(['2024-12-29', '2025-01-05', '2025-01-06']);
  });

  it('has leap days and months of any length', () => {
    const sets = days('2024-01-31', '2024-02-28', '2024-02-29', '2024-03-01');
    expect(keptBy({ daily: 3 }, sets)).toEqual(['2024-02-28', '2024-02-29', '2024-03-01']);
    expect(keptBy({ monthly: 2 }, sets)).toEqual(['2024-02-29', '2024-03-01']);
  });

  it('has no daylight saving time: days are those of UTC', () => {
    // In Berlin that night had no hour from two to three, and all three are of one day.
    const sets = ['2026-03-28T23:30', '2026-03-29T00:30', '2026-03-29T01:30'].map((minute) =>
      at(`${minute}:00.000Z`),
    );
    expect(keptBy({ daily: 2 }, sets)).toEqual(['2026-03-28', '2026-03-29']);
  });

  it('counts `within` from the newest set, whatever the clock says', () => {
    const sets = days('2026-01-01', '2026-01-02', '2026-01-09', '2026-01-10');
    const policy = { withinMs: 8 * 86_400_000 };
    expect(keptBy(policy, sets)).toEqual(['2026-01-02', '2026-01-09', '2026-01-10']);
    expect(keptBy(policy, sets, '2090-01-01')).toEqual(keptBy(policy, sets, '2026-01-11'));
  });

  it('does not let a bad set take the place of another', () => {
    const sets = [
      ...days('2026-01-01', '2026-01-02'),
      at('2026-01-03T00:00:00.000Z', 'bad'),
      at('2026-01-04T00:00:00.000Z', 'good'),
      at('2026-01-05T00:00:00.000Z', 'bad'),
      at('2026-01-06T00:00:00.000Z', 'unproven'),
    ];
    expect(keptBy({ last: 3 }, sets)).toEqual([
      '2026-01-02',
      '2026-01-04',
      '2026-01-05',
      '2026-01-06',
    ]);
  });

  it('removes nothing where nothing was rehearsed', () => {
    const sets = [
      ...days('2026-01-01', '2026-01-02'),
      at('2026-01-01T00:00:00.000Z', 'unproven', 'other'),
      at('2026-01-02T00:00:00.000Z', 'bad', 'other'),
    ];
    expect(keptBy({ last: 1 }, sets)).toEqual(['2026-01-01', '2026-01-02', '2026-01-02']);
  });

  it('keeps what is dated ahead of the clock, and does not count it', () => {
    const sets = days('2026-01-01', '2026-01-02', '2036-01-01');
    expect(keptBy({ last: 1 }, sets, '2026-01-03')).toEqual(['2026-01-02', '2036-01-01']);
  });
});

const policies = fc.record({
  last: fc.nat(4),
  daily: fc.nat(6),
  weekly: fc.nat(4),
  monthly: fc.nat(4),
  withinMs: fc.nat(20).map((count) => count * 86_400_000),
});
const minutes = 60_000;
const histories = fc.uniqueArray(
  fc.record({
    // Around a leap day and a turn of the year.
    minute: fc.integer({
      min: Date.UTC(2023, 10, 1) / minutes,
      max: Date.UTC(2024, 3, 1) / minutes,
    }),
    proof: fc.constantFrom<Proof>('good', 'bad', 'unproven'),
    group: fc.constantFrom('shop', 'billing'),
  }),
  { selector: ({ minute }) => minute, maxLength: 60 },
);
const setsOf = (history: readonly { minute: number; proof: Proof; group: string }[]) =>
  history.map(({ minute, proof, group }) =>
    at(new Date(minute * minutes).toISOString(), proof, group),
  );
const removed = (sets: readonly DatedSet[], policy: RetentionPolicy, now: Date) =>
  new Set(
    decideRetention(sets, policy, now)
      .filter(({ keep }) => !keep)
      .map(({ of }) => of.set),
  );
const within = (part: Set<string>, whole: Set<string>) => [...part].every((set) => whole.has(set));
const later = new Date('2024-05-01');

describe('for every history', () => {
  const sets = histories.map(setsOf);

  it('a policy that asks for more removes no more', () => {
    fc.assert(
      fc.property(sets, policies, policies, (history, a, b) => {
        const more = {
          last: a.last + b.last,
          daily: a.daily + b.daily,
          weekly: a.weekly + b.weekly,
          monthly: a.monthly + b.monthly,
          withinMs: a.withinMs + b.withinMs,
        };
        return within(removed(history, more, later), removed(history, a, later));
      }),
    );
  });

  it('what stays is decided in the same way again', () => {
    fc.assert(
      fc.property(sets, policies, (history, policy) => {
        const gone = removed(history, policy, later);
        const stays = history.filter(({ set }) => !gone.has(set));
        return removed(stays, policy, later).size === 0;
      }),
    );
  });

  it('the newest set of a group stays, and the newest rehearsed one', () => {
    fc.assert(
      fc.property(sets, policies, (history, policy) => {
        const gone = removed(history, policy, later);
        for (const group of Map.groupBy(history, (set) => set.group).values()) {
          const ordered = group.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
          const good = ordered.find(({ proof }) => proof === 'good');
          const stays = [ordered[0], good ?? ordered[1]];
          expect(stays.filter((set) => set && gone.has(set.set))).toEqual([]);
          if (!good) expect(group.filter(({ set }) => gone.has(set))).toEqual([]);
        }
      }),
    );
  });

  it('a clock that jumps back removes nothing more, and one that jumps ahead nothing else', () => {
    fc.assert(
      fc.property(sets, policies, fc.integer({ min: 0, max: 400 }), (history, policy, back) => {
        const earlier = new Date(later.getTime() - back * 86_400_000);
        const gone = removed(history, policy, later);
        expect(within(removed(history, policy, earlier), gone)).toBe(true);
        expect(removed(history, policy, new Date('2199-01-01'))).toEqual(gone);
      }),
    );
  });

  it('the order in which sets are listed does not matter', () => {
    fc.assert(
      fc.property(sets, policies, (history, policy) => {
        expect(removed(history.toReversed(), policy, later)).toEqual(
          removed(history, policy, later),
        );
      }),
    );
  });

  const partlySigned = fc
    .tuple(sets, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }))
    .map(([history, signed]) =>
      history.map((set, at) => (signed[at] ? set : { ...set, distrusted: 'unsigned' })),
    );

  it('sets that do not count change nothing for those that do', () => {
    fc.assert(
      fc.property(partlySigned, policies, (history, policy) => {
        const counts = history.filter((set) => !('distrusted' in set));
        const names = new Set(counts.map(({ set }) => set));
        const gone = removed(history, policy, later);
        const goneOfThose = [...gone].filter((set) => names.has(set));
        expect(new Set(goneOfThose)).toEqual(removed(counts, policy, later));
      }),
    );
  });

  it('no set goes that would stay if all counted', () => {
    fc.assert(
      fc.property(partlySigned, policies, (history, policy) => {
        const all = history.map(({ set, group, createdAt, proof }) => {
          return { set, group, createdAt, proof };
        });
        return within(removed(history, policy, later), removed(all, policy, later));
      }),
    );
  });
});
