import * as Flags from '@oclif/core/flags';
import type { BackupSet } from '../backup/observation.ts';
import { checks } from '../backup/rules/registry.ts';
import type { BackupSystems, StepRecord } from '../backup/systems.ts';
import type { Check } from '../core/check.ts';
import type { NotExamined } from '../core/engine.ts';
import type { ExitCode } from '../core/exit.ts';
import type { Severity } from '../core/finding.ts';
import type { RunRecord } from '../core/record.ts';
import { redactDeep } from '../core/redact.ts';
import { startRun } from '../core/run-writer.ts';
import { exitOfChecks } from '../core/verdict.ts';
import { ruleSettings } from '../validators/settings.ts';
import { validate } from '../validators/validate.ts';
import { type MetricsFlags, requireMetricsPlace } from './backup-metrics.ts';
import type { RepositoryFlags } from './backup-plan.ts';
import { backupProgress } from './backup-progress.ts';
import type { CommandContext } from './base.ts';
import { type OutputPlan, planOutput, writeReports } from './output.ts';
import { boundYoungGeneration } from './young-generation.ts';

/** Flags of every command that works on sets. */
export const repositoryFlags = {
  env: Flags.string({
    description: 'environment of deploycheck.yaml; its first when not given',
    helpValue: 'NAME',
  }),
  repository: Flags.string({
    description:
      'file:PATH, s3://BUCKET/PREFIX or s3:https://HOST/BUCKET/PREFIX, instead of the configured one',
    helpValue: 'PLACE',
  }),
};

/** Who may have signed a set. */
export const trustFlag = {
  trust: Flags.string({
    description:
      'allowed-signers file: the set has to be signed by one who may as role:backup; that of repository.signing when not given',
    helpValue: 'FILE',
  }),
};

/** Flags of the commands that read sets. */
export const readingFlags = {
  ...trustFlag,
  identity: Flags.string({
    description:
      'identity file of age that opens encrypted sets; DEPLOYCHECK_IDENTITY when not given',
    helpValue: 'FILE',
  }),
};

export interface BackupFlags extends RepositoryFlags, MetricsFlags {
  readonly format: string;
  readonly output?: readonly string[] | undefined;
  readonly 'fail-on': Severity;
  readonly env?: string | undefined;
}

export interface Observed {
  readonly observation: BackupSet;
  /** What is judged by the same rules besides. */
  readonly others?: readonly BackupSet[];
  /** Ids of the rules that this command answers for. */
  readonly rules: readonly string[];
  readonly steps: readonly StepRecord[];
  readonly measurements: RunRecord['measurements'];
  readonly notExamined?: readonly NotExamined[];
  /** What to say on stderr when all is reported; nothing when empty. */
  readonly closing: string;
  /** Instead of the report in text. */
  readonly page?: (record: RunRecord) => string;
}

/** Runs a use case, judges what it saw, keeps both as a run, and reports it. */
export async function conductBackup(
  context: CommandContext,
  flags: BackupFlags,
  work: (systems: BackupSystems) => Promise<Observed>,
): Promise<ExitCode> {
  const plan = planOutput({ ...flags, verbose: context.verbose, color: context.color });
  await requireMetricsPlace(flags);
  const { signal, scope, adapters } = context;
  const { clock } = adapters;
  const [startedAt, began] = [clock.now(), clock.monotonic()];
  const run = await startRun(context.home, { clock, scope, signal });
  const observed = await withProgress(context, work);
  const observations = [observed.observation, ...(observed.others ?? [])];
  const applicable: readonly Check[] = checks.filter(({ id }) => observed.rules.includes(id));
  const how = context.command;
  for (const [at, observation] of observations.entries()) {
    const kept = redactDeep(observation, context.redact);
    const content = `${JSON.stringify(kept, null, 2)}\n`;
    const name = at === 0 ? 'backup-set.json' : `backup-set-${at + 1}.json`;
    await run.evidence.add({ name, mediaType: 'application/json', content, how });
  }
  const judged = await validate(
    {
      command: context.command,
      toolVersion: context.toolVersion,
      failOn: flags['fail-on'],
      targets: observations,
      checks: applicable,
      settings: ruleSettings(context.config.value.rules, applicable),
    },
    { signal, clock, evidence: run.evidence, onEvent: () => {} },
  );
  const record = redactDeep(
    {
      ...judged,
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(clock.monotonic() - began),
      steps: observed.steps,
      measurements: observed.measurements,
      notExamined: [...judged.notExamined, ...(observed.notExamined ?? [])],
    },
    context.redact,
  );
  await run.publish(record);
  await writeReports(record, withPage(plan, observed.page), applicable);
  const { closing } = observed;
  if (!context.quiet) {
    process.stderr.write(`${closing === '' ? '' : `${closing}\n`}kept as run ${run.id}\n`);
  }
  return exitOfChecks(record.findings, record.outcomes, flags['fail-on']);
}

function withPage(plan: OutputPlan, page: Observed['page']): OutputPlan {
  if (!page || plan.format.name !== 'text') return plan;
  return { ...plan, format: { ...plan.format, render: page } };
}

export async function withProgress<T>(
  context: CommandContext,
  work: (systems: BackupSystems) => Promise<T>,
): Promise<T> {
  boundYoungGeneration();
  const { adapters, quiet } = context;
  const now = () => adapters.clock.monotonic();
  const progress = backupProgress({ quiet, stream: process.stderr, now });
  try {
    return await work(backupSystems(context, progress.onEvent));
  } finally {
    progress.close();
  }
}

export function backupSystems(
  { adapters, signal, scope, home, toolVersion }: CommandContext,
  onEvent: BackupSystems['onEvent'] = () => {},
): BackupSystems {
  const { clock } = adapters;
  const env = process.env;
  return { adapters, clock, signal, scope, home: home.folder, env, toolVersion, onEvent };
}
