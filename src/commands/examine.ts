import type { Preset } from '../core/check.ts';
import { type CheckRun, runChecks, type Unloaded } from '../core/engine.ts';
import type { ExitCode } from '../core/exit.ts';
import { Fault } from '../core/fault.ts';
import type { Severity } from '../core/finding.ts';
import type { RunRecord } from '../core/record.ts';
import { redactDeep } from '../core/redact.ts';
import { startRun } from '../core/run-writer.ts';
import type { Target, TargetKind } from '../core/target.ts';
import { exitOfChecks } from '../core/verdict.ts';
import { applySuppressions } from '../validators/suppressions/apply.ts';
import { suppressionRule } from '../validators/suppressions/problems.ts';
import { mayBeTakenUp } from '../validators/suppressions/report.ts';
import {
  type BaselineFlags,
  readSources,
  type Sources,
  settingsWith,
} from '../validators/suppressions/sources.ts';
import { validate } from '../validators/validate.ts';
import type { CommandContext } from './base.ts';
import { checks } from './checks.ts';
import { planOutput, writeReports } from './output.ts';

export interface ExamineFlags extends BaselineFlags {
  readonly format: string;
  readonly output?: readonly string[] | undefined;
  /** Where it is not given, what `.hadolint.yaml` says of Dockerfiles, otherwise errors. */
  readonly 'fail-on'?: Severity | undefined;
  readonly save: boolean;
  readonly preset?: Preset | undefined;
  /** Rules that are run whatever the preset, since a flag gave what they look at. */
  readonly enable?: readonly string[] | undefined;
  /** For a kind the only rules that are asked, since no flag gave what the others look at. */
  readonly only?: Readonly<Partial<Record<TargetKind, readonly string[]>>> | undefined;
}

export interface Input {
  /** What the person called it. */
  readonly name: string;
  load(): Promise<Target>;
}

/**
 * The use case of every `validate …` command: load, run the rules for those kinds, report, exit code.
 * @param besides further targets that are made of those that were loaded
 */
export async function examine(
  context: CommandContext,
  flags: ExamineFlags,
  kind: TargetKind | readonly TargetKind[],
  inputs: readonly Input[],
  besides: (targets: readonly Target[]) => Promise<readonly Target[]> = async () => [],
): Promise<ExitCode> {
  const plan = planOutput({ ...flags, verbose: context.verbose, color: context.color });
  const kinds = new Set([kind].flat());
  const applicable = checks.filter(
    ({ id, appliesTo }) => kinds.has(appliesTo) && (flags.only?.[appliesTo]?.includes(id) ?? true),
  );
  const root = process.cwd();
  const sources = await readSources(context.config, root, flags);
  const settings = settingsOf(context, flags, sources);
  const failOn = failOnOf(flags, kinds, sources);
  const { targets, unloaded } = await loadAll(inputs);
  const { clock } = context.adapters;
  const { signal, scope } = context;
  const run = flags.save ? await startRun(context.home, { clock, scope, signal }) : undefined;
  const record = redactDeep(
    await validate(
      {
        command: context.command,
        toolVersion: context.toolVersion,
        failOn,
        targets: [...targets, ...(await besides(targets))],
        unloaded,
        checks: applicable,
        settings,
        suppressions: { sources, rules: checks },
      },
      { signal, clock, evidence: run?.evidence ?? noEvidence, onEvent: () => {} },
    ),
    context.redact,
  );
  await run?.publish(record);
  await writeReports(record, plan, checks);
  if (flags['write-baseline'] !== undefined) {
    await keepBaseline(context, flags['write-baseline'], record);
  }
  return exitOfChecks(record.findings, record.outcomes, failOn);
}

/** What became of the rules, and how grave a finding has to be to fail. */
export interface Judged extends CheckRun {
  readonly failOn: Severity;
}

/** The findings in targets that are at hand, without those that are suppressed; nothing of it is reported. */
export async function judge(
  context: CommandContext,
  flags: ExamineFlags,
  targets: readonly Target[],
): Promise<Judged> {
  const { signal, adapters, config } = context;
  const kinds = new Set(targets.map(({ kind }) => kind));
  const sources = await readSources(config, process.cwd(), flags);
  const settings = settingsOf(context, flags, sources);
  const { clock } = adapters;
  const run = await runChecks({
    checks: checks.filter(({ appliesTo }) => kinds.has(appliesTo)),
    ...{ targets, settings, signal, clock },
    evidence: noEvidence,
  });
  const judging = { sources, settings, rules: checks, now: clock.now(), checklist: false };
  const { run: left } = applySuppressions(run, targets, judging);
  return { ...left, failOn: failOnOf(flags, kinds, sources) };
}

function failOnOf(
  flags: ExamineFlags,
  kinds: ReadonlySet<TargetKind>,
  { hadolint }: Sources,
): Severity {
  const threshold = kinds.has('dockerfile') ? hadolint?.threshold : undefined;
  // What never fails for hadolint is no gate; errors still fail here.
  return flags['fail-on'] ?? (threshold === 'none' ? undefined : threshold) ?? 'error';
}

/** What the configuration says about rules, with the preset that a flag names. */
function settingsOf({ config }: CommandContext, flags: ExamineFlags, sources: Sources) {
  const { rules } = config.value;
  const enable = [...(rules.enable ?? []), ...(flags.enable ?? [])];
  return settingsWith(sources, { ...rules, enable, preset: flags.preset ?? rules.preset }, checks);
}

/** Takes up what this run found; the run itself is judged as it was. */
async function keepBaseline(
  { adapters, quiet }: CommandContext,
  file: string,
  { findings, suppressed = [] }: RunRecord,
): Promise<void> {
  const known = suppressed.filter(({ by }) => by === 'baseline').map(({ finding }) => finding);
  const open = findings.filter(({ check }) => check !== suppressionRule);
  const taken = open.filter(({ check }) => mayBeTakenUp(check, checks));
  const { writeBaseline } = await import('../validators/suppressions/baseline.ts');
  await writeBaseline(file, [...known, ...taken], adapters.clock);
  if (quiet) return;
  const left = open.length - taken.length;
  const rest = left === 0 ? '' : `; ${left} that nothing can suppress are not among them`;
  process.stderr.write(`${known.length + taken.length} findings are in ${file}${rest}\n`);
}

/** Nothing is kept of a run that is not saved. */
const noEvidence = {
  async add(): Promise<never> {
    throw new Fault('usage-invalid', 'a rule wants to keep evidence; run again with --save');
  },
};

async function loadAll(
  inputs: readonly Input[],
): Promise<{ targets: Target[]; unloaded: Unloaded[] }> {
  const targets: Target[] = [];
  const unloaded: Unloaded[] = [];
  const settled = await Promise.allSettled(inputs.map((input) => input.load()));
  for (const [at, result] of settled.entries()) {
    if (result.status === 'fulfilled') targets.push(result.value);
    else if (result.reason instanceof Fault) {
      unloaded.push({ target: inputs[at]?.name ?? '', fault: result.reason });
    } else throw result.reason;
  }
  const [first] = unloaded;
  if (targets.length === 0 && first) throw first.fault;
  return { targets, unloaded };
}
