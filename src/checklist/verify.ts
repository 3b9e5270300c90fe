import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import { itemIds } from '../core/item.ts';
import type { RunRecord } from '../core/record.ts';
import { runFiles } from '../core/run-folder.ts';
import type { StoredRun } from '../core/run-store.ts';
import type { Signer } from '../core/ssh-signature.ts';
import { gateOfItems, verdictOfGates } from '../core/verdict.ts';
import { changedInputs, type InputChange } from './changes.ts';
import { evaluateSignoffs, type SignoffPolicy } from './signoffs.ts';
import type { ReleaseTargets } from './targets/release.ts';

export interface Verification {
  /** The record with sign-offs, gates and verdict as they stand now. */
  readonly record: RunRecord;
  /** What is different from what was signed; empty when nothing is. */
  readonly changes: readonly InputChange[];
  /** One line about the signatures. */
  readonly detail: string;
}

/**
 * Says how a stored run stands now. Its own bytes were checked when it was read.
 * @param targets what is here now; undefined when only the record is to be checked
 */
export async function verifyRun(
  run: StoredRun,
  policy: SignoffPolicy,
  targets: ReleaseTargets | undefined,
  context: Signer & { readonly clock: Clock },
): Promise<Verification> {
  const strict = { ...policy, roles: stricter(policy.roles, run.record) };
  const { signoffs, gate, detail } = await evaluateSignoffs(run, strict, context);
  const changes = [
    ...(targets
      ? await changedInputs(run.record.inputs, targets, (name) => listing(run, name))
      : []),
    ...endedWaivers(run.record, context.clock.now()),
  ];
  const stale = changes.length > 0;
  const gates = {
    // Not taken from the record: a run for `--require evidence` was asked for less.
    evidence: isWhole(run.record) ? gateOfItems(run.record.items, 'signoff') : ('pending' as const),
    signoff: stale ? ('stale' as const) : gate,
  };
  const verdict = stale ? 'stale' : verdictOfGates(gates, run.record.items, 'signoff');
  return { record: { ...run.record, signoffs, gates, verdict }, changes, detail };
}

/** All twelve items, each once. */
function isWhole({ items }: RunRecord): boolean {
  return itemIds.every((id) => items.filter((item) => item.id === id).length === 1);
}

/** The policy of the run and of whoever verifies: the larger number of each role. */
function stricter(
  roles: Readonly<Record<string, number>>,
  { data }: RunRecord,
): Readonly<Record<string, number>> {
  const recorded = z.record(z.string(), z.int().positive()).safeParse(data.roles).data ?? {};
  const names = new Set([...Object.keys(roles), ...Object.keys(recorded)]);
  return Object.fromEntries(
    [...names].map((name) => [name, Math.max(roles[name] ?? 0, recorded[name] ?? 0)]),
  );
}

/** A waiver that the run used and whose time is over now. */
function endedWaivers({ waivers }: RunRecord, now: Date): InputChange[] {
  return waivers
    .filter(({ state, until }) => state === 'used' && Date.parse(until) <= now.getTime())
    .map(({ id, until }) => ({ source: `waiver ${id}`, what: `ended at ${until}` }));
}

async function listing(run: StoredRun, name: string): Promise<string> {
  const file = join(run.folder, runFiles.evidence, name);
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new Fault('run-altered', `${file} is missing`, { cause: error });
  });
}
