import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { checkGrant, namespaces, signMessage } from '../checklist/ssh-signature.ts';
import { newWaiver } from '../checklist/statement.ts';
import { longestWaiverMs, storeWaiver, waiverRole } from '../checklist/waivers.ts';
import type { ExitCode } from '../core/exit.ts';
import { Fault } from '../core/fault.ts';
import type { InputRecord, RunRecord } from '../core/record.ts';
import { checks } from '../validators/registry.ts';
import type { CommandContext } from './base.ts';
import { openChecklist } from './open-run.ts';
import { expandHome, identityOf, signerOf, trustFile } from './sign-off.ts';

export interface WaiveFlags {
  readonly reason: string;
  readonly for: number;
  readonly owner?: string | undefined;
  readonly identity?: string | undefined;
  readonly key: string;
  readonly run: string;
}

export async function waiveAndSay(
  context: CommandContext,
  given: string,
  flags: WaiveFlags,
): Promise<ExitCode> {
  if (flags.for > longestWaiverMs || flags.for < shortestWaiverMs) {
    throw new Fault('usage-invalid', 'a waiver may run from one minute to 30 days; mend --for');
  }
  for (const name of ['reason', 'owner', 'identity'] as const) {
    if (flags[name] !== undefined && flags[name].trim() === '') {
      throw new Fault('usage-invalid', `--${name} is empty; a waiver without it says nothing`);
    }
  }
  const { run } = await openChecklist(context, flags.run);
  const target = wholeTarget(run.record, given);
  const inputs = boundInputs(run.record, target);
  const allowedSigners = trustFile(context, undefined);
  const identity = await identityOf(context, flags.identity);
  const now = context.adapters.clock.now();
  const id = `w-${now.toISOString().slice(0, 10)}-${randomBytes(3).toString('hex')}`;
  const until = new Date(now.getTime() + flags.for).toISOString();
  const message = newWaiver(inputs, {
    id,
    target,
    reason: flags.reason,
    owner: flags.owner ?? identity,
    role: waiverRole,
    identity,
    signedAt: now.toISOString(),
    until,
  });
  const signer = await signerOf(context);
  const namespace = namespaces.waiver;
  const signature = await signMessage(signer, { message, key: expandHome(flags.key), namespace });
  const check = await checkGrant(signer, {
    message,
    signature,
    identity,
    role: waiverRole,
    namespace,
    allowedSigners,
  });
  if (!check.ok) {
    throw new Fault(
      'signature-failed',
      `${allowedSigners} does not let this key waive ${check.reason}`,
    );
  }
  const folder = resolve(context.config.root, context.config.value.checklist.waivers);
  const file = await storeWaiver(folder, id, message, signature);
  process.stdout.write(`${target} waived until ${until}: ${file}; run the checklist again\n`);
  return 0;
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
function boundInputs(record: RunRecord, target: string): readonly InputRecord[] {
  const item = record.items.find((candidate) => candidate.id === target);
  if (item) {
    if (item.status !== 'fail' && item.status !== 'pending') {
      throw new Fault(
        'usage-invalid',
        `item ${target} is ${item.status}; there is nothing to waive`,
      );
    }
    const hard = record.findings.find(({ check }) => isHard(check, target));
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
  const check = checks.find((candidate) => candidate.id === finding.check);
  if (check?.meta.waivable === false) {
    throw new Fault('usage-invalid', `findings of ${finding.check} cannot be waived`);
  }
  return [];
}

function isHard(id: string, item: string): boolean {
  const rule = checks.find((candidate) => candidate.id === id);
  return rule?.item === item && rule.meta.waivable === false;
}
