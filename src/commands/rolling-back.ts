import { parseDuration } from '../config/duration.ts';
import { type CheckRun, runChecks } from '../core/engine.ts';
import { type ExitCode, gravest } from '../core/exit.ts';
import { redactDeep } from '../core/redact.ts';
import { startRun } from '../core/run-writer.ts';
import { exitOfChecks } from '../core/verdict.ts';
import { keptPlans, proofsOf } from '../rollback/memory.ts';
import type { RollbackPlan } from '../rollback/observation.ts';
import { planPage } from '../rollback/page.ts';
import { rollbackRecord } from '../rollback/record.ts';
import { rollback } from '../rollback/rollback.ts';
import { checks as rules } from '../rollback/rules/registry.ts';
import { ruleSettings } from '../validators/settings.ts';
import type { CommandContext } from './base.ts';
import { checks } from './checks.ts';
import { planOutput, writeReports } from './output.ts';
import { approver } from './rollback-approval.ts';
import { type RollbackFlags, targetOf } from './rollback-target.ts';

/** Milliseconds and seconds where no flag says otherwise. */
const settleMs = 10_000;
const patienceSeconds = 15 * 60;

/** Plans the way back, asks, takes it, keeps the record as a run, and shows it. */
export async function rollBack(context: CommandContext, flags: RollbackFlags): Promise<ExitCode> {
  const { signal, adapters, config, redact } = context;
  const { clock } = adapters;
  const output = planOutput({ ...flags, verbose: context.verbose, color: context.color });
  const settings = ruleSettings(config.value.rules, checks);
  const startedAt = clock.now();
  const began = clock.monotonic();
  const say = (line: string) => process.stderr.write(redact(`${line}\n`));
  const target = await targetOf(context, flags);
  const { kube, namespace } = target;
  say(`target: ${kube.target.server} (context ${kube.target.context}), namespace ${namespace}`);
  const kept = await keptPlans(context.home);
  const dryRun = flags['dry-run'];

  const judge = (plan: RollbackPlan): Promise<CheckRun> =>
    runChecks({
      // Before anything was done there is no health after it to pass.
      checks: rules.filter(({ id }) => plan.executions || id !== 'rollback/healthy-after'),
      targets: [plan],
      signal,
      clock,
      evidence: { add: () => Promise.reject(new Error('the rules of rollback keep no evidence')) },
      settings,
    });
  let judged: CheckRun | undefined;
  const approve = approver(context, flags.yes, kept, (plan) => {
    if (judged) say(pageOf(plan, judged));
  });
  const { plan, run } = await rollback(
    {
      ...target,
      release: null,
      root: config.root,
      from: flags.from,
      toRevision: flags['to-revision'],
      keepSchema: flags['keep-schema'],
      deleteStuck: flags['delete-stuck'],
      dryRun,
      limitSeconds: (parseDuration(config.value.sla.rollback) ?? 0) / 1000,
      settleSeconds: (flags.settle ?? settleMs) / 1000,
      patienceSeconds,
      proofs: proofsOf(kept, kube.target.server),
    },
    {
      kube,
      processes: await adapters.processes(),
      registry: (dockerConfigs) => adapters.registry({ dockerConfigs }),
      database: target.database,
      clock,
      signal,
      say: context.quiet ? () => undefined : say,
      warn: say,
    },
    {
      judge: async (seen) => {
        judged = await judge(seen);
        return judged;
      },
      approve,
    },
  );

  const durationMs = Math.round(clock.monotonic() - began);
  const { command, toolVersion } = context;
  const made = { plan, run, command, toolVersion, startedAt, durationMs };
  const record = redactDeep(rollbackRecord(made), redact);
  const page = redact(pageOf(plan, run));
  await keep(context, record, plan, page);
  const format =
    output.format.name === 'text' ? { ...output.format, render: () => page } : output.format;
  await writeReports(record, { ...output, format }, rules);
  const exit = exitOfChecks(record.findings, record.outcomes, 'error');
  // A person said no: what was asked for is not done.
  const declined = !dryRun && plan.executions === null;
  return declined ? gravest([exit, 3]) : exit;
}

function pageOf(plan: RollbackPlan, { findings, notExamined, outcomes }: CheckRun): string {
  const faults = outcomes.flatMap(({ fault }) => (fault ? [fault.message] : []));
  return planPage(plan, { findings, notExamined, faults });
}

async function keep(
  { home, scope, signal, adapters, redact, quiet }: CommandContext,
  record: ReturnType<typeof rollbackRecord>,
  plan: RollbackPlan,
  page: string,
): Promise<void> {
  const run = await startRun(home, { clock: adapters.clock, scope, signal });
  const how = `read from ${plan.cluster.server}, namespace ${plan.cluster.namespace}`;
  const content = `${JSON.stringify(redactDeep(plan, redact), null, 2)}\n`;
  await run.evidence.add({
    name: 'rollback-plan.json',
    mediaType: 'application/json',
    content,
    how,
  });
  await run.evidence.add({
    name: 'rollback-plan.txt',
    mediaType: 'text/plain',
    content: page,
    how,
  });
  await run.publish(record);
  if (!quiet) process.stderr.write(`kept as run ${run.id}\n`);
}
