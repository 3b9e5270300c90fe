import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLedger } from '../core/leftovers.ts';
import { startRun } from '../core/run-writer.ts';
import { createScope } from '../core/scope.ts';
import { keptPlans, proofsOf } from './memory.ts';
import type { RollbackPlan } from './observation.ts';
import { rollbackRecord } from './record.ts';
import { planWith } from './rules/testing.ts';

const { signal } = new AbortController();
const clock = { now: () => new Date(), monotonic: () => 0 };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-memory-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function keep(command: string, plan: RollbackPlan): Promise<void> {
  await using scope = createScope(createLedger(join(folder, 'leftovers')));
  const run = await startRun({ folder }, { clock, scope, signal });
  const record = rollbackRecord({
    plan,
    run: { findings: [], outcomes: [], notExamined: [], skipped: 0, notMeant: [] },
    command,
    toolVersion: '0.0.0',
    startedAt: new Date(),
    durationMs: 0,
  });
  if (command === 'checklist') {
    const file = { name: 'rollback-plan.json', mediaType: 'application/json', how: 'read' };
    await run.evidence.add({ ...file, content: JSON.stringify(plan) });
    await run.publish({ ...record, data: {} });
  } else await run.publish(record);
}

describe('earlier runs', () => {
  const server = 'https://cluster.example:6443';
  const template = (digit: string) => `sha256:${digit.repeat(64)}`;
  const unknown = { workloads: [{ revisions: [{ health: 'unknown' }, { health: 'unknown' }] }] };

  it('tell what they saw healthy, be they of rollback or of the checklist', async () => {
    await keep('rollback --dry-run', planWith({}));
    await keep('checklist', planWith({ takenAt: '2026-01-04T00:00:00.000Z' }));
    await keep('validate', planWith({}));
    const proofs = proofsOf(await keptPlans({ folder }), server);
    expect(proofs.map(({ seenAt, template: of }) => [seenAt.slice(0, 10), of])).toEqual([
      ['2026-01-04', template('1')],
      ['2026-01-04', template('2')],
      ['2026-01-03', template('1')],
      ['2026-01-03', template('2')],
    ]);
  });

  it('tell nothing of another cluster, nor what was not seen', async () => {
    await keep('rollback', planWith(unknown));
    const kept = await keptPlans({ folder });
    expect(proofsOf(kept, server)).toEqual([]);
    expect(proofsOf([planWith({})], 'https://other.example')).toEqual([]);
  });

  it('prove a target that was gone back to and became well', () => {
    const done = (outcome: string) => planWith({ ...unknown, executions: [{ outcome }] });
    expect(proofsOf([done('healthy')], server)).toMatchObject([{ template: template('1') }]);
    expect(proofsOf([done('unhealthy')], server)).toEqual([]);
  });
});
