import type { Preset } from '../core/check.ts';
import { runChecks } from '../core/engine.ts';
import type { ExitCode } from '../core/exit.ts';
import { Fault } from '../core/fault.ts';
import type { Severity } from '../core/finding.ts';
import { judgedRecord } from '../core/judged-record.ts';
import { redactDeep } from '../core/redact.ts';
import { startRun } from '../core/run-writer.ts';
import { exitOfChecks } from '../core/verdict.ts';
import { writeWhole } from '../core/write-whole.ts';
import { answerLines } from '../probe/answers.ts';
import { requestOf } from '../probe/asked.ts';
import type { Probed } from '../probe/probe.ts';
import { probeParts } from '../probe/record.ts';
import type { ProbeContext, ProbeRequest } from '../probe/request.ts';
import { variablesOf } from '../probe/variables.ts';
import type { ReportFormat } from '../report/format.ts';
import { ruleSettings } from '../validators/settings.ts';
import type { CommandContext } from './base.ts';
import { checks } from './checks.ts';
import { type OutputPlan, planOutput, writeReports } from './output.ts';
import { type BenchFlags, openBench } from './probe-bench.ts';

interface Flags extends BenchFlags {
  readonly format: string;
  readonly output?: readonly string[] | undefined;
  readonly 'fail-on': Severity;
  readonly preset?: Preset | undefined;
  readonly command?: string | undefined;
  readonly args?: string | undefined;
  readonly env?: readonly string[] | undefined;
  readonly 'env-from'?: readonly string[] | undefined;
  readonly tmpfs?: readonly string[] | undefined;
  readonly volume?: readonly string[] | undefined;
  readonly memory?: string | undefined;
  readonly ready?: string | undefined;
  readonly 'ready-timeout'?: number | undefined;
  readonly settle?: number | undefined;
  readonly grace?: number | undefined;
  readonly proposal?: string | undefined;
}

/** Runs images one after the other, judges what was seen, keeps it as a run, and shows it. */
export async function runProbes(
  context: CommandContext,
  flags: Flags,
  images: readonly string[],
): Promise<ExitCode> {
  const { adapters, home, redact, scope, signal, config } = context;
  const { clock } = adapters;
  const plan = planOutput({ ...flags, verbose: context.verbose, color: context.color });
  if (flags.proposal !== undefined && images.length > 1) {
    throw new Fault('usage-invalid', '--proposal: expected one image, so that the file has one');
  }
  const requests = await requestsOf(context, flags, images);
  const startedAt = clock.now();
  const began = clock.monotonic();
  const bench = await openBench(context, flags);
  const run = await startRun(home, { clock, scope, signal });
  const say = (line: string) => process.stderr.write(redact(`${line}\n`));
  const probed: Probed[] = [];
  for (const [at, request] of requests.entries()) {
    if (!context.quiet) say(`${request.label}, on ${bench.place}`);
    const use: ProbeContext = {
      ...{ clock, scope, signal, redact, evidence: run.evidence },
      evidencePrefix: `runtime-${at + 1}`,
      say: context.quiet ? () => undefined : (line) => say(`  ${line}`),
    };
    probed.push(redactDeep(await bench.probe(request, use), redact));
  }
  const targets = probed.flatMap(({ container, run: seen }) => [container, seen]);
  const { rules } = config.value;
  const settings = ruleSettings({ ...rules, preset: flags.preset ?? rules.preset }, checks);
  const judged = await runChecks({
    checks: ofRuns,
    ...{ targets, settings, signal, clock, evidence: run.evidence },
  });
  const base = judgedRecord({
    ...{ targets: probed.map(({ run: seen }) => seen), run: judged, failOn: flags['fail-on'] },
    ...{ command: context.command, toolVersion: context.toolVersion, startedAt },
    durationMs: Math.round(clock.monotonic() - began),
  });
  const parts = probeParts(probed);
  const record = redactDeep(
    { ...base, ...parts, notExamined: [...base.notExamined, ...parts.notExamined] },
    redact,
  );
  for (const [at, one] of probed.entries()) {
    await run.evidence.add({
      name: `runtime-${at + 1}.json`,
      mediaType: 'application/json',
      content: `${JSON.stringify(one, null, 2)}\n`,
      how: context.command,
    });
  }
  await run.publish(record);
  await keepProposal(flags.proposal, probed);
  await writeReports(record, withAnswers(plan, probed), checks);
  if (!context.quiet) say(`kept as run ${run.id}`);
  return exitOfChecks(record.findings, record.outcomes, flags['fail-on']);
}

const ofRuns = checks.filter(({ appliesTo }) => ['imageRun', 'container'].includes(appliesTo));

async function requestsOf(
  { redact }: CommandContext,
  flags: Flags,
  images: readonly string[],
): Promise<ProbeRequest[]> {
  const environment = await variablesOf(
    { env: flags.env ?? [], files: flags['env-from'] ?? [] },
    process.env,
    (value) => redact.register(value),
  );
  const asked = {
    ...flags,
    volumes: flags.volume,
    readyTimeoutMs: flags['ready-timeout'],
    settleMs: flags.settle,
    graceMs: flags.grace,
  };
  return images.map((image) => requestOf(image, image, environment, asked));
}

async function keepProposal(file: string | undefined, probed: readonly Probed[]): Promise<void> {
  const [first] = probed;
  if (file === undefined || !first) return;
  const { proposal } = first.run;
  if ('seen' in proposal) await writeWhole(file, proposal.seen.yaml);
  else process.stderr.write(`${file} is not written: ${proposal.why}\n`);
}

/** The text report begins with every question and its answer. */
function withAnswers(plan: OutputPlan, probed: readonly Probed[]): OutputPlan {
  const dressed = (format: ReportFormat): ReportFormat => {
    if (format.name !== 'text') return format;
    return {
      ...format,
      render: (record, options) =>
        [
          ...probed.flatMap((one) => [...answerLines(one), '']),
          format.render(record, options),
        ].join('\n'),
    };
  };
  return {
    ...plan,
    format: dressed(plan.format),
    files: plan.files.map(({ format, file }) => ({ format: dressed(format), file })),
  };
}
