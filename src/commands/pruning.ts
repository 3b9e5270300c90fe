import type { RetentionPolicy } from '../backup/retention/policy.ts';
import { keepsNothing } from '../backup/retention/policy.ts';
import { leftAloneBy, lookAtPrune, type Pruned, prune } from '../backup/retention/prune.ts';
import { distrustOf } from '../backup/set/signature.ts';
import { openRepository } from '../backup/sources.ts';
import { parseDuration } from '../config/duration.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { ExitCode } from '../core/exit.ts';
import { Fault } from '../core/fault.ts';
import { measured } from '../core/judged-record.ts';
import type { RunRecord } from '../core/record.ts';
import { redactDeep } from '../core/redact.ts';
import { startRun } from '../core/run-writer.ts';
import { validate } from '../validators/validate.ts';
import { type RepositoryFlags, repositoryPlace } from './backup-plan.ts';
import { withProgress } from './backup-run.ts';
import type { CommandContext } from './base.ts';
import { planOutput, writeReports } from './output.ts';
import { pruneData, prunePage } from './prune-page.ts';

export interface PruneFlags extends RepositoryFlags {
  readonly format: string;
  readonly output?: readonly string[] | undefined;
  readonly 'keep-last'?: number | undefined;
  readonly 'keep-daily'?: number | undefined;
  readonly 'keep-weekly'?: number | undefined;
  readonly 'keep-monthly'?: number | undefined;
  /** Milliseconds, as `grace` is. */
  readonly 'keep-within'?: number | undefined;
  readonly grace: number;
  readonly yes: boolean;
}

/** Prunes, or says what it would do, keeps that as a run, and shows it. */
export async function pruneRepository(
  context: CommandContext,
  flags: PruneFlags,
): Promise<ExitCode> {
  const output = planOutput({ ...flags, verbose: context.verbose, color: context.color });
  const policy = policyOf(context.config, flags);
  const { adapters, signal, scope, redact } = context;
  const { clock } = adapters;
  const [startedAt, began] = [clock.now(), clock.monotonic()];
  // What it reads is not encrypted.
  const { identity: _, ...place } = repositoryPlace(context.config, flags);
  const run = await startRun(context.home, { clock, scope, signal });
  const { grace: graceMs } = flags;
  const { pruned, shown } = await withProgress(context, async (systems) => {
    const repository = await openRepository(place, systems);
    await scope.defer('connections of the repository', () => repository.close());
    const distrusted = distrustOf(repository, place, systems);
    const rules = { policy, graceMs, distrusted };
    const work = flags.yes
      ? prune(repository, rules, systems)
      : lookAtPrune(repository, rules, systems);
    return { pruned: await work, shown: repository.place };
  });
  const rules = { policy, graceMs };
  const data = redactDeep(pruneData(pruned, rules, shown), redact);
  const how = context.command;
  const content = `${JSON.stringify(data, null, 2)}\n`;
  await run.evidence.add({ name: 'prune.json', mediaType: 'application/json', content, how });
  const left = leftAloneBy(pruned);
  const { command, toolVersion } = context;
  const judged = await validate(
    { command, toolVersion, failOn: 'error', targets: [], checks: [], settings: {} },
    { signal, clock, evidence: run.evidence, onEvent: () => {} },
  );
  const record: RunRecord = redactDeep(
    {
      ...judged,
      ...(left.length > 0 && {
        verdict: 'pending',
        gates: { ...judged.gates, evidence: 'pending' },
      }),
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(clock.monotonic() - began),
      steps: pruned.steps,
      measurements: measurementsOf(pruned),
      notExamined: left.map(({ set, why }) => ({ what: set, why })),
      data: { prune: data },
    },
    redact,
  );
  await run.publish(record);
  const page = redact(prunePage(pruned, rules, shown));
  const format =
    output.format.name === 'text' ? { ...output.format, render: () => page } : output.format;
  await writeReports(record, { ...output, format }, []);
  if (!context.quiet) process.stderr.write(`kept as run ${run.id}\n`);
  return left.length > 0 ? 3 : 0;
}

/** @throws Fault `usage-invalid` */
function policyOf({ value }: LoadedConfig, flags: PruneFlags): RetentionPolicy {
  const { last, daily, weekly, monthly, within } = value.repository?.retention ?? {};
  const policy = {
    last: flags['keep-last'] ?? last ?? 0,
    daily: flags['keep-daily'] ?? daily ?? 0,
    weekly: flags['keep-weekly'] ?? weekly ?? 0,
    monthly: flags['keep-monthly'] ?? monthly ?? 0,
    withinMs: flags['keep-within'] ?? parseDuration(within ?? '') ?? 0,
  };
  if (!keepsNothing(policy)) return policy;
  throw new Fault(
    'usage-invalid',
    'nothing says which sets to keep: set repository.retention, or give --keep-last, --keep-daily, --keep-weekly, --keep-monthly or --keep-within',
  );
}

function measurementsOf({ done }: Pruned): RunRecord['measurements'] {
  if (!done) return [];
  return [
    measured('backup.pruned-sets', done.retired.length, '1'),
    measured('backup.pruned-objects', done.objects, '1'),
    measured('backup.pruned', done.bytes, 'B'),
  ];
}
