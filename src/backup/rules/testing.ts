import type { Check, Example } from '../../core/check.ts';
import { type CheckRun, runChecks } from '../../core/engine.ts';
import { objectOf } from '../../core/json.ts';
import { type BackupSet, backupSet } from '../observation.ts';
import type { Rehearsal, Verification } from '../set/reports.ts';

/** A backup on which nothing is wrong; examples and tests say what differs. */
const set = '20260101T000000000Z-shop-5f0c9a1e';
const manifest = `sha256:${'1'.repeat(64)}`;
const tool = { name: 'deploycheck', version: '1.0.0' } as const;

const verification: Verification = {
  formatVersion: 1,
  set,
  manifest,
  at: '2026-01-01T00:05:00.000Z',
  tool,
  signature: null,
  verdict: 'good',
  files: 6,
  objects: 2,
  bytes: 1000,
  opened: true,
  durationMs: 10,
  problems: [],
};

const rehearsal: Rehearsal = {
  formatVersion: 1,
  set,
  manifest,
  at: '2026-01-01T00:10:00.000Z',
  tool,
  signature: null,
  verdict: 'good',
  server: null,
  measured: { restoreMs: 3000, databaseMs: 2000, bucketsMs: 1000, compareMs: 500, bytes: 1000 },
  differences: [],
  damage: [],
  lacking: [],
};

const healthy = {
  observedAt: '2026-01-01T06:00:00.000Z',
  repository: 'file:/srv/backups',
  limits: { rpoMs: 86_400_000, restoreMs: 300_000, evidenceMaxAgeMs: 604_800_000 },
  wanted: { environment: 'production', database: 'main', buckets: ['invoices'] },
  set: {
    id: set,
    manifest,
    problem: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    database: 'main',
    identity: { systemIdentifier: '7300000000000000001', database: 'shop' },
    buckets: ['invoices'],
    references: [
      {
        bucket: 'invoices',
        query: 'select invoice_key from orders',
        keys: 2,
        dangling: 0,
        examples: [],
      },
    ],
    missing: [],
  },
  live: { systemIdentifier: '7300000000000000001', database: 'shop' },
  verification,
  rehearsal,
} satisfies Parameters<typeof backupSet>[0];

/** The healthy observation with what `text`, JSON, says otherwise. Lists are taken whole. */
function observationOf(text: string): BackupSet {
  // The examples are ours, and the rules that read them are what is tested.
  return backupSet(merged(healthy, JSON.parse(text)) as Parameters<typeof backupSet>[0]);
}

function merged(base: unknown, change: unknown): unknown {
  const [left, right] = [objectOf(base), objectOf(change)];
  if (!left || !right) return change;
  const entries = Object.entries(right).map(([key, value]) => [
    key,
    key in left ? merged(left[key], value) : value,
  ]);
  return { ...left, ...Object.fromEntries(entries) };
}

export function judge(check: Check<BackupSet>, text: string): Promise<CheckRun> {
  return runChecks({
    // A rule is run on targets of its kind only.
    checks: [check as Check],
    targets: [observationOf(text)],
    signal: new AbortController().signal,
    clock: { now: () => new Date(0), monotonic: () => 0 },
    evidence: { add: () => Promise.reject(new Error('no rule of backups keeps evidence')) },
  });
}

/** The message ids of what a rule finds. */
export async function found(check: Check<BackupSet>, text: string): Promise<string[]> {
  return (await judge(check, text)).findings.map(({ messageId }) => messageId);
}

export const expectedOf = ({ findings }: Example): string[] =>
  findings.map(({ messageId }) => messageId);
