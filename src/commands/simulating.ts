import { runChecks } from '../core/engine.ts';
import type { ExitCode } from '../core/exit.ts';
import type { Severity } from '../core/finding.ts';
import { judgedRecord } from '../core/judged-record.ts';
import { redactDeep } from '../core/redact.ts';
import { startRun } from '../core/run-writer.ts';
import { exitOfChecks } from '../core/verdict.ts';
import type { ReportFormat } from '../report/format.ts';
import { keepJson } from '../simulate/evidence.ts';
import { diffLines, headline } from '../simulate/headline.ts';
import type { Simulation } from '../simulate/observation.ts';
import { simulationParts } from '../simulate/record.ts';
import type { SimulateContext, SimulateEvent } from '../simulate/request.ts';
import { simulate } from '../simulate/simulate.ts';
import { ruleSettings } from '../validators/settings.ts';
import type { CommandContext } from './base.ts';
import { checks } from './checks.ts';
import { type OutputPlan, planOutput, writeReports } from './output.ts';
import { requestOf, type SimulateFlags } from './simulate-target.ts';

interface Flags extends SimulateFlags {
  readonly format: string;
  readonly output?: readonly string[] | undefined;
  readonly 'fail-on': Severity;
}

/** Deploys, judges, keeps the record as a run with its evidence, and shows it. */
export async function runSimulation(context: CommandContext, flags: Flags): Promise<ExitCode> {
  const { adapters, config, home, redact, scope, signal } = context;
  const { clock } = adapters;
  const plan = planOutput({ ...flags, verbose: context.verbose, color: context.color });
  const settings = ruleSettings(config.value.rules, checks);
  const startedAt = clock.now();
  const began = clock.monotonic();
  const say = (line: string) => process.stderr.write(redact(`${line}\n`));
  const { request, sets } = await requestOf(context, flags);
  const { server, context: name } = request.kube.target;
  say(`target: ${server} (context ${name}), namespace ${request.targetNamespace}`);

  const run = await startRun(home, { clock, scope, signal });
  const use: SimulateContext = {
    ...{ signal, clock, scope, redact, evidence: run.evidence },
    onEvent: context.quiet ? () => undefined : (event) => tell(event, say),
  };
  const simulation = await simulate(request, use);
  const judged = await runChecks({
    checks: rules.filter(({ id }) => !flags['diff-only'] || ofDiff.includes(id)),
    ...{ targets: [simulation, ...simulation.containers], signal, clock },
    ...{ evidence: run.evidence, settings },
  });
  const record = redactDeep(
    {
      ...judgedRecord({
        ...{ targets: [...sets, simulation], run: judged, failOn: flags['fail-on'], startedAt },
        command: context.command,
        toolVersion: context.toolVersion,
        durationMs: Math.round(clock.monotonic() - began),
      }),
      ...simulationParts(simulation, judged),
    },
    redact,
  );
  await keepJson(use, 'simulation', simulation, 'what this simulation saw');
  await run.publish(record);
  await writeReports(record, withHeadline(plan, redactDeep(simulation, redact)), rules);
  if (!context.quiet) say(`kept as run ${run.id}`);
  return exitOfChecks(record.findings, record.outcomes, flags['fail-on']);
}

const rules = checks.filter(({ appliesTo }) => ['simulation', 'container'].includes(appliesTo));

/** The rules that have something to say when nothing was deployed. */
const ofDiff = ['simulation/accepted', 'simulation/untouched'];

function tell(event: SimulateEvent, say: (line: string) => void): void {
  if (event.type === 'note') say(`  ${event.text}`);
  if (event.type !== 'step-ended') return;
  const { name, status, durationMs } = event.step;
  if (status !== 'skipped') say(`${name}: ${status} (${durationMs} ms)`);
}

/** The text report begins with the first cause, and shows the differences when they were asked for. */
function withHeadline(plan: OutputPlan, simulation: Simulation): OutputPlan {
  const dressed = (format: ReportFormat): ReportFormat => {
    if (format.name !== 'text') return format;
    const lines = simulation.mode === 'diff-only' ? ['', ...diffLines(simulation)] : [];
    return {
      ...format,
      render: (record, options) =>
        [headline(record, simulation), ...lines, '', format.render(record, options)].join('\n'),
    };
  };
  return {
    ...plan,
    format: dressed(plan.format),
    files: plan.files.map(({ format, file }) => ({ format: dressed(format), file })),
  };
}
