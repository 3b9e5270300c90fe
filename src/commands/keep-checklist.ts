import { resolve } from 'node:path';
import { orderedItems } from '../checklist/items/ordered.ts';
import { runChecklist } from '../checklist/run.ts';
import { allowedSignersOf, environmentNamed } from '../config/environment.ts';
import { requireFile } from '../config/load.ts';
import { type ExitCode, gravest } from '../core/exit.ts';
import { exitOfFault, Fault } from '../core/fault.ts';
import type { RunRecord } from '../core/record.ts';
import { redactDeep } from '../core/redact.ts';
import { startRun } from '../core/run-writer.ts';
import { exitOfVerdict } from '../core/verdict.ts';
import type { ManifestSet } from '../validators/manifest/load.ts';
import type { ServerRulesMode } from '../validators/manifest/server-rules/options.ts';
import type { CommandContext } from './base.ts';
import { checks } from './checks.ts';
import { externalObjects } from './external-objects.ts';
import { imageSystems } from './image-systems.ts';
import { withLiveObjects } from './live-objects.ts';
import { serverRulesOf } from './manifest-flags.ts';
import { clusterConfigured, type ObserverFlags, observersOf } from './observing/observers.ts';
import { planOutput, writeReports } from './output.ts';
import { lineProgress, type Progress, silentProgress, taskProgress } from './progress.ts';

export interface ChecklistFlags extends ObserverFlags {
  readonly format: string;
  readonly output?: readonly string[] | undefined;
  readonly require: 'evidence' | 'signoff';
  readonly 'server-rules': ServerRulesMode;
  readonly 'pod-security'?: string | undefined;
}

/** Runs the checklist, shows it getting on, keeps the record as a run, and reports it. */
export async function runAndKeep(
  context: CommandContext,
  flags: ChecklistFlags,
): Promise<ExitCode> {
  const { signal, scope, adapters } = context;
  const { clock } = adapters;
  const plan = planOutput({ ...flags, verbose: context.verbose, color: context.color });
  const config = requireFile(context.config);
  const environment = environmentNamed(config, flags.env);
  const run = await startRun(context.home, { clock, scope, signal });
  const progress = await progressFor(context);
  await scope.defer('progress', () => progress.close());

  const record = await runChecklist(
    {
      config,
      environment,
      command: context.command,
      require: flags.require,
      toolVersion: context.toolVersion,
    },
    {
      signal,
      clock,
      processes: await adapters.processes(),
      git: await adapters.git(),
      imageSystems: imageSystems(adapters),
      scope,
      evidence: run.evidence,
      checks,
      items: orderedItems,
      serverRules: serverRulesOf(flags, config.value),
      complete: (manifests) => completed(context, flags, manifests),
      observers: observersOf(context, flags, run.evidence),
      waiverFolder: resolve(config.root, config.value.checklist.waivers),
      allowedSigners: allowedSignersOf(config),
      onEvent: (event) => progress.onEvent(event),
    },
  );
  await progress.close();
  const safe = redactDeep(record, context.redact);
  await run.publish(safe);
  await writeReports(safe, plan, checks);
  if (!context.quiet) process.stderr.write(`kept as run ${run.id}\n`);
  return exitOfRecord(safe);
}

/** What the release's manifests stand beside: as declared, and as the environment's cluster has it. */
async function completed(
  context: CommandContext,
  { env }: ChecklistFlags,
  manifests: ManifestSet,
): Promise<ManifestSet> {
  const declared = { ...manifests, external: externalObjects(context.config) };
  if (!clusterConfigured(context, { env })) return declared;
  return withLiveObjects(context, { env }, declared).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error;
    return { ...declared, liveProblem: `not in the manifests, and ${error.message}` };
  });
}

/** A verdict of fault ends as the gravest of the faults says; a bug ends 70 whatever the verdict. */
function exitOfRecord({ verdict, outcomes }: RunRecord): ExitCode {
  const faults = outcomes.flatMap(({ fault }) => (fault ? [exitOfFault(fault.code)] : []));
  if (faults.includes(70)) return 70;
  return verdict === 'fault' && faults.length > 0 ? gravest(faults) : exitOfVerdict(verdict);
}

async function progressFor({ quiet, color }: CommandContext): Promise<Progress> {
  if (quiet) return silentProgress();
  const terminal = process.stderr.isTTY && process.stdout.isTTY;
  return terminal ? taskProgress(orderedItems, color) : lineProgress(false);
}
