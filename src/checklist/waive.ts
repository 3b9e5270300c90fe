import { randomBytes } from 'node:crypto';
import type { Check } from '../core/check.ts';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { InputRecord, RunRecord } from '../core/record.ts';
import { namespaces, type Signer, signAsGranted } from '../core/ssh-signature.ts';
import { newWaiver } from './statement.ts';
import { longestWaiverMs, storeWaiver, waiverRole } from './waivers.ts';

export interface WaiveRequest {
  /** The run whose item or finding is waived. */
  readonly record: RunRecord;
  /** An item id, or a fingerprint or its first eight digits and more. */
  readonly target: string;
  readonly reason: string;
  readonly owner: string;
  readonly identity: string;
  readonly key: string;
  /** Milliseconds from now. */
  readonly lastsMs: number;
  readonly allowedSigners: string;
  /** Where waivers are kept. */
  readonly folder: string;
  readonly rules: readonly Check[];
}

export interface Waived {
  readonly file: string;
  readonly target: string;
  readonly until: string;
}

/**
 * Signs a waiver and stores it, after proving that the allowed signers accept it.
 * @throws Fault `usage-invalid`, `key-unusable`, `signature-failed`, `output-unwritable`
 */
export async function waive(
  request: WaiveRequest,
  context: Signer & { readonly clock: Clock },
): Promise<Waived> {
  refuseUnclear(request);
  const { record, reason, owner, identity, key, allowedSigners, rules } = request;
  const target = wholeTarget(record, request.target);
  const inputs = boundInputs(record, target, rules);
  const now = context.clock.now();
  const id = `w-${now.toISOString().slice(0, 10)}-${randomBytes(3).toString('hex')}`;
  const signedAt = now.toISOString();
  const until = new Date(now.getTime() + request.lastsMs).toISOString();
  const role = waiverRole;
  const message = newWaiver(inputs, { id, target, reason, owner, role, identity, signedAt, until });
  const namespace = namespaces.waiver;
  const question = { message, identity, role, key, namespace, allowedSigners };
  const signature = await signAsGranted(context, question, 'waive');
  return { file: await storeWaiver(request.folder, id, message, signature), target, until };
}

function refuseUnclear(request: WaiveRequest): void {
  if (request.lastsMs > longestWaiverMs || request.lastsMs < shortestWaiverMs) {
    throw new Fault('usage-invalid', 'a waiver may run from one minute to 30 days; mend --for');
  }
  for (const name of ['reason', 'owner', 'identity'] as const) {
    if (request[name].trim() === '') {
      throw new Fault('usage-invalid', `--${name} is empty; a waiver without it says nothing`);
    }
  }
}

const shortestWaiverMs = 60_000;

/** A fingerprint may be given by its first eight digits or more, as reports show it. */
function wholeTarget({ findings }: RunRecord, given: string): string {
  if (!/^[0-9a-f]{8,}/.test(given)) return given;
  const matching = new Set(
    findings.map((finding) => finding.fingerprint).filter((whole) => whole.startsWith(given)),
  );
  const [only] = matching;
  return matching.size === 1 && only !== undefined ? only : given;
}

/** An item waiver is bound to the inputs of the run; a finding's fingerprint binds itself. */
function boundInputs(
  record: RunRecord,
  target: string,
  rules: readonly Check[],
): readonly InputRecord[] {
  const item = record.items.find((candidate) => candidate.id === target);
  if (item) {
    if (item.status !== 'fail' && item.status !== 'pending') {
      throw new Fault(
        'usage-invalid',
        `item ${target} is ${item.status}; there is nothing to waive`,
      );
    }
    const hard = record.findings.find(({ check }) => isHard(check, target, rules));
    if (hard) {
      throw new Fault(
        'usage-invalid',
        `item ${target} holds findings of ${hard.check}, which cannot be waived`,
      );
    }
    return record.inputs;
  }
  const finding = record.findings.find((candidate) => candidate.fingerprint === target);
  if (!finding) {
    throw new Fault(
      'usage-invalid',
      `'${target}' is neither an item of that run nor the fingerprint of one of its findings`,
    );
  }
  const check = rules.find((candidate) => candidate.id === finding.check);
  if (check?.meta.waivable === false) {
    throw new Fault('usage-invalid', `findings of ${finding.check} cannot be waived`);
  }
  return [];
}

function isHard(id: string, item: string, rules: readonly Check[]): boolean {
  const rule = rules.find((candidate) => candidate.id === id);
  return rule?.item === item && rule.meta.waivable === false;
}
