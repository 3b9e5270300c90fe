import { homedir } from 'node:os';
import { basename, resolve } from 'node:path';
import { packRun } from '../checklist/bundle.ts';
import { type SignoffPolicy, signRun } from '../checklist/signoffs.ts';
import { readAllowedSigners, type Signer } from '../checklist/ssh-signature.ts';
import type { Decision } from '../checklist/statement.ts';
import { releaseTargets } from '../checklist/targets.ts';
import { verifyRun } from '../checklist/verify.ts';
import {
  allowedSignersOf,
  type Environment,
  environmentNamed,
  rolesOf,
} from '../config/environment.ts';
import type { LoadedConfig } from '../config/load.ts';
import { type ExitCode, gravest } from '../core/exit.ts';
import { Fault } from '../core/fault.ts';
import { readSmall } from '../core/read-small.ts';
import { chainOf, type StoredRun } from '../core/run-store.ts';
import { chainSignoff } from '../core/run-writer.ts';
import { exitOfVerdict } from '../core/verdict.ts';
import { writeWhole } from '../core/write-whole.ts';
import { checks } from '../validators/registry.ts';
import type { CommandContext } from './base.ts';
import { openChecklist, openRun } from './open-run.ts';
import { planOutput, writeReports } from './output.ts';

export interface SignFlags {
  readonly decision?: Decision | undefined;
  readonly role: string;
  readonly identity?: string | undefined;
  readonly key: string;
  readonly comment: string;
  readonly 'expires-in': number;
  readonly trust?: string | undefined;
}

export async function signAndSay(
  context: CommandContext,
  reference: string,
  flags: SignFlags,
): Promise<ExitCode> {
  const { run, bundle } = await openChecklist(context, reference);
  if (flags['expires-in'] > longestDecisionMs) {
    throw new Fault(
      'usage-invalid',
      'a decision holds 30 days at most; give a shorter --expires-in',
    );
  }
  const decision = flags.decision ?? (await askDecision(context, run));
  const identity = await identityOf(context, flags.identity);
  const file = await signRun(
    {
      run,
      decision,
      role: flags.role,
      identity,
      comment: flags.comment,
      key: expandHome(flags.key),
      expiresInMs: flags['expires-in'],
      allowedSigners: trustFile(context, flags.trust),
      author: await authorOf(context),
    },
    { ...(await signerOf(context)), clock: context.adapters.clock },
  );
  if (bundle !== undefined) await writeWhole(bundle, await packRun(run));
  else {
    const text = (await readSmall(file)).toString('utf8');
    await chainSignoff(context.home, run, { file: basename(file), text, decision }, context.signal);
  }
  process.stdout.write(
    `${decision} by ${identity} (${flags.role}) on run ${run.id}: ${bundle ?? file}\n`,
  );
  return 0;
}

const longestDecisionMs = 30 * 24 * 3_600_000;

/** Shows what would be signed and asks; nothing is signed by pressing Enter twice. */
async function askDecision(
  { adapters, signal, redact }: CommandContext,
  { id, record }: StoredRun,
): Promise<Decision> {
  const prompt = await adapters.prompt();
  const open = record.items
    .filter((item) => !['pass', 'not-applicable'].includes(item.status))
    .map((item) => `  ${item.n} ${item.id}: ${item.status}: ${item.reason}`);
  const lines = [`run ${id} of ${record.startedAt}: ${record.verdict}`, ...open];
  process.stderr.write(redact(`${lines.join('\n')}\n`));
  const choices = [
    { value: 'hold', title: 'hold: not yet' },
    { value: 'approve', title: 'approve: it may go out' },
    { value: 'reject', title: 'reject: it must not go out' },
  ] as const;
  const decision = await prompt.choose('Your decision?', choices, '--decision', signal);
  const sure = await prompt.confirm(`Sign '${decision}'?`, '--decision', signal);
  if (!sure) throw new Fault('usage-invalid', 'nothing was signed');
  return decision;
}

export interface VerifyFlags {
  readonly format: string;
  readonly output?: readonly string[] | undefined;
  readonly trust?: string | undefined;
  readonly 'record-only': boolean;
}

export async function verifyAndReport(
  context: CommandContext,
  reference: string,
  flags: VerifyFlags,
): Promise<ExitCode> {
  const plan = planOutput({ ...flags, verbose: context.verbose, color: context.color });
  const { run, bundle } = await openChecklist(context, reference);
  const { config, adapters, signal } = context;
  const trusted = trustFile(context, flags.trust);
  await readAllowedSigners(trusted);
  const policy = await policyOf(context, trusted);
  const compare = !flags['record-only'];
  if (compare && config.file === null) {
    throw new Fault(
      'usage-invalid',
      'the images and manifests of this run cannot be compared without their deploycheck.yaml; name it with --config, or check the record alone with --record-only',
    );
  }
  const targets = compare
    ? releaseTargets({
        config,
        environment: environmentOf(run, config),
        git: await adapters.git(),
        signal,
        evidence: dropEvidence,
      })
    : undefined;
  const { record, changes, detail } = await verifyRun(run, policy, targets, {
    ...(await signerOf(context)),
    clock: adapters.clock,
  });
  await writeReports(record, plan, checks);
  const lines = changes.map(({ source, what }) => `changed since: ${source} ${what}`);
  lines.push(`signatures: ${detail}`);
  if (!compare) lines.push('inputs: not compared (--record-only)');
  const chain = bundle === undefined ? (await chainOf(context.home)).problems : [];
  lines.push(...chain.map(({ message }) => `index: ${message}`));
  process.stderr.write(context.redact(`${lines.join('\n')}\n`));
  return gravest([exitOfVerdict(record.verdict), chain.length > 0 ? 4 : 0]);
}

/**
 * A run as it stands now. Signatures are checked where signers are configured; what is here now is
 * not compared, which is what `verify` is for.
 */
export async function reportRun(
  context: CommandContext,
  reference: string,
  flags: Pick<VerifyFlags, 'format' | 'output'>,
): Promise<ExitCode> {
  const plan = planOutput({ ...flags, verbose: context.verbose, color: context.color });
  const { run } = await openRun(context, reference);
  const { config, adapters } = context;
  const allowedSigners = allowedSignersOf(config);
  const signed = run.record.items.length > 0 && allowedSigners !== undefined;
  const record = signed
    ? (
        await verifyRun(run, await policyOf(context, allowedSigners), undefined, {
          ...(await signerOf(context)),
          clock: adapters.clock,
        })
      ).record
    : run.record;
  await writeReports(record, plan, checks);
  return 0;
}

/** The environment that a run was for, as the configuration here has it. */
function environmentOf({ record }: StoredRun, config: LoadedConfig): Environment | undefined {
  const input = record.inputs.find(({ kind }) => kind === 'environment');
  return input && environmentNamed(config, input.source);
}

async function policyOf(context: CommandContext, allowedSigners: string): Promise<SignoffPolicy> {
  const author = await authorOf(context);
  return { roles: rolesOf(context.config), allowedSigners, author };
}

async function authorOf({ config, adapters, signal }: CommandContext): Promise<string | undefined> {
  const commit = await (await adapters.git()).head(config.root, signal);
  return commit?.authorEmail;
}

/** Verification compares digests and keeps nothing. */
const dropEvidence = {
  async add({ name, mediaType }: { name: string; mediaType: string }) {
    return { name, mediaType, sha256: '', size: 0, obtainedAt: '', how: '' };
  },
};

export async function signerOf({ adapters, signal }: CommandContext): Promise<Signer> {
  return { processes: await adapters.processes(), signal };
}

/** @throws Fault `signers-missing` when neither flag nor configuration names a file */
export function trustFile({ config }: CommandContext, flag: string | undefined): string {
  const file = flag === undefined ? allowedSignersOf(config) : resolve(flag);
  if (file === undefined) {
    throw new Fault('signers-missing', 'no allowed-signers file is configured');
  }
  return file;
}

/** @throws Fault `usage-invalid` when neither flag nor git says who signs */
export async function identityOf(
  { adapters, config, signal }: CommandContext,
  flag: string | undefined,
): Promise<string> {
  const identity =
    flag ?? (await (await adapters.git()).configured('user.email', config.root, signal));
  if (identity === undefined) {
    throw new Fault('usage-invalid', 'who signs is not known; give --identity NAME');
  }
  return identity;
}

export function expandHome(path: string): string {
  return path.startsWith('~/') ? resolve(homedir(), path.slice(2)) : path;
}
