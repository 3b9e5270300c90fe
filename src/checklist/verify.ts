import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { RunRecord } from '../core/record.ts';
import { runFiles, type StoredRun } from '../core/run-store.ts';
import { verdictOfGates } from '../core/verdict.ts';
import { evaluateSignoffs, type SignoffPolicy } from './signoffs.ts';
import type { Signer } from './ssh-signature.ts';
import { changedInputs, type InputChange, type ReleaseTargets } from './targets.ts';

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
  const { signoffs, gate, detail } = await evaluateSignoffs(run, policy, context);
  const changes = targets
    ? await changedInputs(run.record.inputs, targets, (name) => listing(run, name))
    : [];
  const gates = {
    evidence: run.record.gates.evidence,
    signoff: changes.length > 0 ? ('stale' as const) : gate,
  };
  const verdict = changes.length > 0 ? 'stale' : verdictOfGates(gates, run.record.items, 'signoff');
  return { record: { ...run.record, signoffs, gates, verdict }, changes, detail };
}

async function listing(run: StoredRun, name: string): Promise<string> {
  const file = join(run.folder, runFiles.evidence, name);
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new Fault('run-altered', `${file} is missing`, { cause: error });
  });
}
