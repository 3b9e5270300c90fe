import type { Check } from '../../core/check.ts';
import { type CheckRun, runChecks } from '../../core/engine.ts';
import { objectOf } from '../../core/json.ts';
import { type MigrationRehearsal, migrationRehearsal } from '../observation.ts';

type Seen = Parameters<typeof migrationRehearsal>[0];

const tried = { migration: '0002_order_status', upMs: 8, downMs: 5, againMs: 8, trouble: null };

/** A rehearsal on which nothing is wrong; examples and tests say what differs. */
const well = {
  service: 'shop',
  folder: 'migrations',
  server: null,
  table: 'public.schema_migrations',
  dirty: false,
  migrations: [
    {
      id: '0002_order_status',
      up: 'migrations/0002_order_status.up.sql',
      down: 'migrations/0002_order_status.down.sql',
      downEmpty: false,
      ofRelease: true,
    },
  ],
  stages: [
    { on: 'empty', set: null, rows: 0, tried: [tried] },
    { on: 'rows', set: '20260101T000000000Z-shop-5f0c9a1e', rows: 1200, tried: [tried] },
  ],
  gaps: [],
} satisfies Seen;

/** What differs laid over what is well; an entry of a list differs from the one in its place, or the first. */
export function merged(base: unknown, change: unknown): unknown {
  if (change === undefined) return base;
  if (Array.isArray(base) && Array.isArray(change)) {
    return change.map((entry: unknown, at) => merged(base[at] ?? base[0], entry));
  }
  const [left, right] = [objectOf(base), objectOf(change)];
  if (!left || !right) return change;
  const entries = Object.entries(right).map(([key, value]) => [
    key,
    key in left ? merged(left[key], value) : value,
  ]);
  return { ...left, ...Object.fromEntries(entries) };
}

/** Runs one rule over the rehearsal that differs as said; an entry of a list differs from the first. */
export function judge(
  check: Check<MigrationRehearsal> | Check,
  differing: unknown,
): Promise<CheckRun> {
  return runChecks({
    // A rule is run on targets of its kind only; the examples are ours.
    checks: [check as Check],
    targets: [migrationRehearsal(merged(well, differing) as Seen)],
    signal: new AbortController().signal,
    clock: { now: () => new Date(0), monotonic: () => 0 },
    evidence: { add: () => Promise.reject(new Error('these rules leave no evidence')) },
  });
}
