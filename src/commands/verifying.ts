import type { SignoffPolicy } from '../checklist/signoffs.ts';
import { releaseTargets } from '../checklist/targets/release.ts';
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
import { chainOf, type StoredRun } from '../core/run-store.ts';
import { readAllowedSigners } from '../core/ssh-signature.ts';
import { exitOfVerdict } from '../core/verdict.ts';
import type { CommandContext } from './base.ts';
import { checks } from './checks.ts';
import { imageSystems } from './image-systems.ts';
import { openChecklist, openRun } from './open-run.ts';
import { planOutput, writeReports } from './output.ts';
import { authorOf, signerOf, trustFile } from './signers.ts';

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
  const { config, adapters, signal, scope } = context;
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
        processes: await adapters.processes(),
        imageSystems: imageSystems(adapters),
        scope,
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

/** Verification compares digests and keeps nothing. */
const dropEvidence = {
  async add({ name, mediaType }: { name: string; mediaType: string }) {
    return { name, mediaType, sha256: '', size: 0, obtainedAt: '', how: '' };
  },
};
