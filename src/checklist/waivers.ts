import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../core/clock.ts';
import { Fault, systemCode, writeFault } from '../core/fault.ts';
import type { Finding } from '../core/finding.ts';
import { itemIds } from '../core/item.ts';
import { readSmall } from '../core/read-small.ts';
import type { InputRecord, ItemRecord, WaiverRecord } from '../core/record.ts';
import { checkGrant, namespaces, type Signer } from '../core/ssh-signature.ts';
import { storeSigned } from './signed-file.ts';
import {
  parseStatement,
  subjectsOfInputs,
  type WaiverStatement,
  waiverStatement,
} from './statement.ts';

/** A waiver may not run longer than this: what is tolerated for ever is a decision, not a waiver. */
export const longestWaiverMs = 30 * 24 * 3_600_000;

/** Who may waive is granted in allowed_signers by this principal beside the person's own. */
export const waiverRole = 'waiver';

export interface Waiver {
  readonly id: string;
  readonly target: string;
  readonly statement: WaiverStatement['predicate'];
  readonly subject: WaiverStatement['subject'];
  /** Null when it counts; otherwise why it does not. */
  readonly problem: { readonly state: 'expired' | 'invalid'; readonly detail: string } | null;
}

export interface WaiverContext extends Signer {
  readonly clock: Clock;
  readonly allowedSigners: string | undefined;
}

/** Reads every waiver of a folder and says which count. A missing folder holds none. */
export async function readWaivers(folder: string, context: WaiverContext): Promise<Waiver[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw new Fault('input-missing', `${folder}: ${systemCode(error)}`, { cause: error });
  });
  const files = names.filter((name) => name.endsWith('.json')).sort();
  return Promise.all(files.map((name) => readWaiver(folder, name, context)));
}

async function readWaiver(folder: string, name: string, context: WaiverContext): Promise<Waiver> {
  const message = await readText(join(folder, name));
  const statement = message === undefined ? undefined : parseStatement(waiverStatement, message);
  if (message === undefined || !statement) {
    throw new Fault('waiver-unreadable', `${join(folder, name)} is not a waiver statement`);
  }
  const { predicate, subject } = statement;
  const signature = await readText(join(folder, `${name}.sig`));
  const problem = await problemOf(predicate, message, signature, context);
  return { id: predicate.id, target: predicate.target, statement: predicate, subject, problem };
}

async function readText(file: string): Promise<string | undefined> {
  return (await readSmall(file).catch(() => undefined))?.toString('utf8');
}

async function problemOf(
  { identity, until, signedAt, role }: WaiverStatement['predicate'],
  message: string,
  signature: string | undefined,
  context: WaiverContext,
): Promise<Waiver['problem']> {
  const invalid = (detail: string) => ({ state: 'invalid', detail }) as const;
  if (signature === undefined) return invalid('it is not signed');
  if (context.allowedSigners === undefined) return invalid('no allowed-signers file is configured');
  if (role !== waiverRole) return invalid(`signed in the role ${role}, not ${waiverRole}`);
  const check = await checkGrant(context, {
    message,
    signature,
    identity,
    role,
    namespace: namespaces.waiver,
    allowedSigners: context.allowedSigners,
  });
  if (!check.ok) return { state: check.expired ? 'expired' : 'invalid', detail: check.reason };
  const now = context.clock.now().getTime();
  const longest = Math.min(Date.parse(signedAt), now) + longestWaiverMs;
  if (Date.parse(until) > longest) {
    return invalid('it runs longer than 30 days');
  }
  if (Date.parse(until) <= now) {
    return { state: 'expired', detail: `it ended at ${until}` };
  }
  return null;
}

/** Marks the findings that a counting waiver covers; `waivable` says which rules allow one. */
export function waiveFindings(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  waivable: (check: string) => boolean,
): Finding[] {
  return findings.map((finding) => {
    const waiver = waivers.find(
      (candidate) => !candidate.problem && candidate.target === finding.fingerprint,
    );
    return waiver && waivable(finding.check) ? { ...finding, waivedBy: waiver.id } : finding;
  });
}

/**
 * Turns failed and pending items that a counting waiver of these very inputs covers into waived ones.
 * @param unwaivable items that hold a finding no waiver may cover: a secret, a damaged image
 */
export function waiveItems(
  items: readonly ItemRecord[],
  waivers: readonly Waiver[],
  inputs: readonly InputRecord[],
  unwaivable: ReadonlySet<string>,
): ItemRecord[] {
  return items.map((item) => {
    if (item.status !== 'fail' && item.status !== 'pending') return item;
    if (unwaivable.has(item.id)) return item;
    const waiver = waivers.find(
      (candidate) =>
        !candidate.problem && candidate.target === item.id && bindsInputs(candidate, inputs),
    );
    if (!waiver) return item;
    const reason = `waived until ${waiver.statement.until} by ${waiver.statement.identity}: ${waiver.statement.reason} (was ${item.status}: ${item.reason})`;
    return { ...item, status: 'waived', pendingOn: null, reason, waivedBy: waiver.id };
  });
}

function bindsInputs(waiver: Waiver, inputs: readonly InputRecord[]): boolean {
  return isDeepStrictEqual(waiver.subject, subjectsOfInputs(inputs));
}

/** How each waiver stands after a run: used, unused, expired, invalid or stale. */
export function waiverRecords(
  waivers: readonly Waiver[],
  findings: readonly Finding[],
  items: readonly ItemRecord[],
  inputs: readonly InputRecord[],
): WaiverRecord[] {
  return waivers.map((waiver) => {
    const { id, target, statement, problem } = waiver;
    const { reason, owner, identity, until } = statement;
    const base = { id, target, reason, owner, identity, until };
    if (problem) return { ...base, ...problem };
    const used =
      findings.some((finding) => finding.waivedBy === id) ||
      items.some((item) => item.waivedBy === id);
    if (used) return { ...base, state: 'used', detail: `signed by ${identity}` };
    if (itemIds.some((item) => item === target) && !bindsInputs(waiver, inputs)) {
      return { ...base, state: 'stale', detail: 'the inputs changed since it was signed' };
    }
    return { ...base, state: 'unused', detail: 'nothing it could cover was found; remove it' };
  });
}

/** @throws Fault `output-unwritable` */
export async function storeWaiver(
  folder: string,
  id: string,
  message: string,
  signature: string,
): Promise<string> {
  try {
    return await storeSigned(folder, id, message, signature);
  } catch (error) {
    throw writeFault('output-unwritable', folder, error);
  }
}
