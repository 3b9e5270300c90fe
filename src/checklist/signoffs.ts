import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { sha256, sha256Hex } from '../core/digest.ts';
import { Fault, writeFault } from '../core/fault.ts';
import { readSmall } from '../core/read-small.ts';
import type { RunRecord, SignoffRecord } from '../core/record.ts';
import { runFiles } from '../core/run-folder.ts';
import type { StoredRun } from '../core/run-store.ts';
import {
  checkGrant,
  namespaces,
  principalsOf,
  readAllowedSigners,
  type Signer,
  signAsGranted,
} from '../core/ssh-signature.ts';
import type { SignoffGate } from '../core/verdict.ts';
import { gateOfItems } from '../core/verdict.ts';
import { storeSigned } from './signed-file.ts';
import { type Decision, newSignoff, parseStatement, signoffStatement } from './statement.ts';

export interface SignRequest {
  readonly run: StoredRun;
  readonly decision: Decision;
  readonly role: string;
  readonly identity: string;
  readonly comment: string;
  readonly key: string;
  /** Milliseconds from now. */
  readonly expiresInMs: number;
  /** Author of the commit that is checked out. */
  readonly author: string | undefined;
  /** Path of the allowed_signers file. */
  readonly allowedSigners: string;
}

/**
 * Signs a decision about a run and stores it beside the record, after proving that the allowed
 * signers accept it.
 * @throws Fault `approval-no-go`, `approval-refused`, `approval-conflict`, `key-unusable`,
 * `signature-failed`
 */
export async function signRun(
  request: SignRequest,
  context: Signer & { readonly clock: Clock },
): Promise<string> {
  if (request.decision === 'approve') refuseUnready(request.run.record);
  const now = context.clock.now();
  const trusted = await readAllowedSigners(request.allowedSigners);
  const message = newSignoff(request.run.recordText, request.run.record.inputs, {
    run: request.run.id,
    decision: request.decision,
    role: request.role,
    identity: request.identity,
    comment: request.comment,
    signedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + request.expiresInMs).toISOString(),
    allowedSigners: sha256(trusted),
  });
  const { identity, role, key, allowedSigners } = request;
  const namespace = namespaces.signoff;
  const signature = await signAsGranted(
    context,
    { message, identity, role, key, namespace, allowedSigners },
    'sign',
  );
  const conflict = conflictOf(
    request.run.record,
    await principalsOf(context, { signature, allowedSigners }),
    request.decision,
    request.author,
  );
  if (conflict) throw new Fault('approval-conflict', `not approved: ${conflict}`);
  return storeSignoff(request.run.folder, now, message, signature);
}

/** An approval says that every critical item holds, so it is refused while one does not. */
function refuseUnready(record: RunRecord): void {
  const gate = gateOfItems(record.items, 'signoff');
  if (gate === 'go') return;
  const open = record.items
    .filter((item) => item.critical && !['pass', 'waived', 'not-applicable'].includes(item.status))
    .map((item) => `  ${item.n} ${item.id}: ${item.status}: ${item.reason}`);
  const what = record.items.length === 0 ? '  the run has no checklist items' : open.join('\n');
  throw new Fault(
    gate === 'no-go' ? 'approval-no-go' : 'approval-refused',
    `not approved; these critical items are neither pass nor waived:\n${what}`,
  );
}

async function storeSignoff(
  runFolder: string,
  now: Date,
  message: string,
  signature: string,
): Promise<string> {
  const stamp = now.toISOString().replace(/[-:.]/g, '');
  const name = `${stamp}-${randomBytes(3).toString('hex')}`;
  try {
    return await storeSigned(join(runFolder, runFiles.signoffs), name, message, signature);
  } catch (error) {
    throw writeFault('run-folder-unwritable', runFolder, error);
  }
}

export interface SignoffPolicy {
  /** How many approvals each role owes. */
  readonly roles: Readonly<Record<string, number>>;
  readonly allowedSigners: string;
  /** Author of the commit; its approval does not count. */
  readonly author: string | undefined;
}

export interface SignoffView {
  readonly signoffs: readonly SignoffRecord[];
  readonly gate: SignoffGate;
  /** One line: who approved, or what is missing. */
  readonly detail: string;
}

interface Checked extends SignoffRecord {
  /** Fingerprint of the signing key; null when the signature is not good. */
  readonly key: string | null;
  /** False when the signature is good and its approval counts for nothing all the same. */
  readonly counts: boolean;
}

/** Checks every sign-off of a run at the present time, and sums them up by the policy. */
export async function evaluateSignoffs(
  run: StoredRun,
  policy: SignoffPolicy,
  context: Signer & { readonly clock: Clock },
): Promise<SignoffView> {
  const folder = join(run.folder, runFiles.signoffs);
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json')).sort();
  if (files.length > 0) await readAllowedSigners(policy.allowedSigners);
  const checked = await Promise.all(
    files.map((name) => checkSignoff(run, folder, name, policy, context)),
  );
  const { gate, detail } = sumSignoffs(checked, policy);
  return { signoffs: checked.map(({ key: _, counts: __, ...record }) => record), gate, detail };
}

async function checkSignoff(
  run: StoredRun,
  folder: string,
  name: string,
  policy: SignoffPolicy,
  context: Signer & { readonly clock: Clock },
): Promise<Checked> {
  const message = (await readSmall(join(folder, name))).toString('utf8');
  const statement = parseStatement(signoffStatement, message);
  if (!statement) {
    throw new Fault('run-altered', `${join(folder, name)} is not a sign-off statement`);
  }
  const { identity, role, decision, comment, signedAt, expiresAt } = statement.predicate;
  const base = { file: name, identity, role, decision, comment, signedAt, expiresAt };
  const outcome = (state: SignoffRecord['state'], detail: string, key: string | null = null) => ({
    ...base,
    state,
    detail,
    key,
    counts: true,
  });

  const signature = (
    await readSmall(join(folder, `${name}.sig`)).catch(() => undefined)
  )?.toString();
  if (signature === undefined) return outcome('invalid', 'the signature file is missing');
  const check = await checkGrant(context, {
    message,
    signature,
    identity,
    role,
    namespace: namespaces.signoff,
    allowedSigners: policy.allowedSigners,
  });
  if (!check.ok) return outcome(check.expired ? 'expired' : 'invalid', check.reason);
  const { key } = check;

  const signed = statement.subject.find((subject) => subject.name === 'record.json');
  if (signed?.digest.sha256 !== sha256Hex(run.recordText)) {
    return outcome('stale', 'it covers another record than the one stored', key);
  }
  if (Date.parse(expiresAt) <= context.clock.now().getTime()) {
    return outcome('expired', `it ended at ${expiresAt}`, key);
  }
  const people = await principalsOf(context, { signature, allowedSigners: policy.allowedSigners });
  const conflict = conflictOf(run.record, people, decision, policy.author);
  if (conflict) {
    return { ...outcome('valid', `not counted: ${conflict}`, key), counts: false };
  }
  return outcome('valid', `good signature, key ${key}`, key);
}

/**
 * Why an approval counts for nothing; undefined when it counts.
 * @param people every name that the signing key goes by
 */
function conflictOf(
  record: RunRecord,
  people: readonly string[],
  decision: Decision,
  author: string | undefined,
): string | undefined {
  if (decision !== 'approve') return undefined;
  if (author !== undefined && people.includes(author))
    return `${author} is the author of the commit`;
  const waiver = record.waivers.find(
    (entry) => entry.state === 'used' && people.includes(entry.identity),
  );
  return waiver && `${waiver.identity} signed the waiver ${waiver.id}`;
}

/**
 * The latest decision of each person counts, and only while it is valid: an expired hold does not
 * bring an older approval back. One invalid sign-off spoils the whole, since damaging a hold must not
 * do so either; only a good rejection is graver. Approvals count once a key and role, and there has to
 * be one.
 */
export function sumSignoffs(
  checked: readonly Checked[],
  policy: Pick<SignoffPolicy, 'roles'>,
): { gate: SignoffGate; detail: string } {
  const latest = [...new Map(inOrder(checked).map((entry) => [entry.identity, entry])).values()];
  const valid = latest.filter((entry) => entry.state === 'valid');
  const rejected = valid.find((entry) => entry.decision === 'reject');
  if (rejected) return { gate: 'rejected', detail: `rejected by ${who(rejected)}` };
  const invalid = checked.find((entry) => entry.state === 'invalid');
  if (invalid) return { gate: 'invalid', detail: stateLine(invalid) };
  const held = valid.find((entry) => entry.decision === 'hold');
  if (held) return { gate: 'held', detail: `held by ${who(held)}` };

  const approvals = valid.filter((entry) => entry.counts);
  const owed = Object.entries(policy.roles).flatMap(([role, count]) => {
    const given = approvals.filter((entry) => entry.role === role);
    const keys = new Set(given.map((entry) => entry.key));
    return keys.size >= count ? [] : [`${count - keys.size} of role ${role}`];
  });
  if (owed.length === 0 && approvals.length > 0) {
    return { gate: 'approved', detail: `approved by ${approvals.map(who).join(', ')}` };
  }
  for (const state of ['stale', 'expired'] as const) {
    const bad = latest.find((entry) => entry.state === state);
    if (bad) return { gate: state, detail: stateLine(bad) };
  }
  const idle = valid.find((entry) => !entry.counts);
  const note = idle ? `; the approval of ${idle.identity} is ${idle.detail}` : '';
  return { gate: 'waiting', detail: `waiting for ${owed.join(' and ') || 'an approval'}${note}` };
}

/** By the signed time, since a file can be renamed; of two at one instant the approval comes first. */
function inOrder(checked: readonly Checked[]): Checked[] {
  const weight = { approve: 0, hold: 1, reject: 2 } as const;
  return checked.toSorted(
    (a, b) =>
      Date.parse(a.signedAt) - Date.parse(b.signedAt) || weight[a.decision] - weight[b.decision],
  );
}

function stateLine({ file, identity, detail }: SignoffRecord): string {
  return `sign-off ${file} of ${identity}: ${detail}`;
}

function who({ identity, role, comment }: SignoffRecord): string {
  return `${identity} (${role})${comment === '' ? '' : `: ${comment}`}`;
}
