import type { Git } from '../adapters/git/git.ts';
import { type Environment, rolesOf } from '../config/environment.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { Check } from '../core/check.ts';
import type { Clock } from '../core/clock.ts';
import {
  type CheckRun,
  type EngineEvent,
  type NotExamined,
  outcomeOfUnloaded,
  runChecks,
  type Unloaded,
} from '../core/engine.ts';
import type { EvidenceSink } from '../core/evidence.ts';
import { faultRecord } from '../core/fault.ts';
import type { ItemId } from '../core/item.ts';
import type { ItemRecord, RunRecord } from '../core/record.ts';
import type { Scope } from '../core/scope.ts';
import { summarize } from '../core/summary.ts';
import type { Target, TargetKind } from '../core/target.ts';
import { gateOfItems, verdictOfGates } from '../core/verdict.ts';
import type { ImageSystems } from '../validators/image/load.ts';
import type { ManifestSet } from '../validators/manifest/load.ts';
import type { ServerRulesOptions } from '../validators/manifest/server-rules/options.ts';
import {
  type Applied,
  applySuppressions,
  type SuppressionContext,
  withReport,
} from '../validators/suppressions/apply.ts';
import { readSources, settingsWith } from '../validators/suppressions/sources.ts';
import { chosenRules } from './chosen-rules.ts';
import type { Item, ItemContext, ItemResult } from './item.ts';
import type { Observed, Observer } from './targets/loaded.ts';
import { releaseTargets } from './targets/release.ts';
import {
  readWaivers,
  type Waiver,
  type WaiverContext,
  waiveFindings,
  waiveItems,
  waiverRecords,
} from './waivers.ts';

export type ChecklistEvent =
  | EngineEvent
  | { readonly type: 'item-started'; readonly item: Item }
  | { readonly type: 'item-ended'; readonly item: Item; readonly result: ItemRecord };

export interface ChecklistRequest {
  readonly config: LoadedConfig;
  readonly environment: Environment | undefined;
  /** What the record says was asked for. */
  readonly command: string;
  readonly require: 'evidence' | 'signoff';
  readonly toolVersion: string;
}

export interface ChecklistContext extends WaiverContext {
  readonly git: Git;
  readonly imageSystems: ImageSystems;
  readonly scope: Scope;
  readonly clock: Clock;
  readonly evidence: EvidenceSink;
  readonly checks: readonly Check[];
  readonly items: readonly Item[];
  /** Adds to the manifests what the cluster has; see TargetContext. */
  readonly complete?: (manifests: ManifestSet) => Promise<ManifestSet>;
  readonly serverRules?: ServerRulesOptions;
  /** How live systems are looked at, by the kind of target they give. */
  readonly observers?: Readonly<Partial<Record<TargetKind, Observer>>>;
  /** Folder of signed waivers. */
  readonly waiverFolder: string;
  readonly onEvent: (event: ChecklistEvent) => void;
}

/** Runs the twelve items at once and writes down what came of it. */
export async function runChecklist(
  request: ChecklistRequest,
  context: ChecklistContext,
): Promise<RunRecord> {
  const startedAt = context.clock.now();
  const began = context.clock.monotonic();
  const targets = releaseTargets({ ...context, ...request });
  const waivers = await readWaivers(context.waiverFolder, context);
  const sources = await readSources(request.config, request.config.root);
  const settings = settingsWith(sources, chosenRules(request.config), context.checks);
  const judging: SuppressionContext = {
    ...{ sources, settings, rules: context.checks, now: startedAt },
    checklist: true,
  };
  const byId = new Map(context.checks.map((check) => [check.id, check]));
  const applied: Applied[] = [];

  const itemContext: ItemContext = {
    targets,
    signal: context.signal,
    clock: context.clock,
    evidence: context.evidence,
    isCritical: (id) => byId.get(id)?.critical ?? true,
    async check(item: ItemId, of: readonly Target[]) {
      const checks = context.checks.filter((check) => check.item === item);
      const run = await runChecks({ ...context, checks, targets: of, settings });
      const off = checks.filter((check) => check.critical && settings[check.id]?.disabled);
      const findings = waiveFindings(
        run.findings,
        waivers,
        (id) => byId.get(id)?.meta.waivable !== false,
      );
      const notExamined = [...run.notExamined, ...off.map(switchedOff)];
      const one = applySuppressions({ ...run, findings, notExamined }, of, judging);
      applied.push(one);
      return one.run;
    },
  };

  const measured = await Promise.all(
    context.items.map((item) => runItem(item, itemContext, request.config, context)),
  );
  context.signal.throwIfAborted();
  const inputs = await targets.inputs();
  const all = joinRuns(applied.map(({ run }) => run));
  const unwaivable = new Set<string>(
    all.findings.flatMap(({ check, severity }) => {
      const rule = byId.get(check);
      return rule?.meta.waivable === false && severity === 'error' ? [rule.item] : [];
    }),
  );
  const items = waiveItems(measured, waivers, inputs, unwaivable);
  return assemble({
    request,
    startedAt,
    durationMs: Math.round(context.clock.monotonic() - began),
    items,
    run: withUnloaded(withReport(all, applied, judging), await targets.unloaded()),
    observed: targets.observed(),
    waivers,
    inputs,
  });
}

/** A critical rule that is not run leaves its item open: a waiver, which ends, is the way around. */
function switchedOff({ id }: Check): NotExamined {
  return { what: id, why: 'switched off by rules.disable; waive its findings instead' };
}

async function runItem(
  item: Item,
  itemContext: ItemContext,
  config: LoadedConfig,
  context: ChecklistContext,
): Promise<ItemRecord> {
  const startedAt = context.clock.now().toISOString();
  const began = context.clock.monotonic();
  context.onEvent({ type: 'item-started', item });
  const result = await resultOf(item, itemContext);
  const own = config.value.checklist.items?.[item.id];
  const record: ItemRecord = {
    n: item.n,
    id: item.id,
    title: item.title,
    // Configuration can only make more critical; a waiver is the way around.
    critical: item.critical || own?.critical === true,
    status: result.status,
    pendingOn: result.pendingOn,
    reason: result.reason,
    evidence: result.evidence,
    startedAt,
    durationMs: Math.round(context.clock.monotonic() - began),
    waivedBy: null,
  };
  context.onEvent({ type: 'item-ended', item, result: record });
  return record;
}

/** An item that throws is an error, never a pass; the others go on. */
async function resultOf(item: Item, context: ItemContext): Promise<ItemResult> {
  try {
    return await item.run(context);
  } catch (error) {
    context.signal.throwIfAborted();
    const { code, message, cause } = faultRecord(error);
    const reason = code === 'internal' ? `bug in deploycheck: ${cause ?? message}` : message;
    return { status: 'error', pendingOn: null, reason, evidence: [] };
  }
}

/** What could not be loaded is told once, however many items asked for it. */
function withUnloaded(run: CheckRun, unloaded: readonly Unloaded[]): CheckRun {
  return { ...run, outcomes: [...unloaded.map(outcomeOfUnloaded), ...run.outcomes] };
}

function joinRuns(runs: readonly CheckRun[]): CheckRun {
  return {
    outcomes: runs.flatMap((run) => run.outcomes),
    findings: runs.flatMap((run) => run.findings),
    notExamined: runs.flatMap((run) => run.notExamined),
    notMeant: runs.flatMap((run) => run.notMeant),
    skipped: runs.reduce((sum, run) => sum + run.skipped, 0),
    suppressed: runs.flatMap((run) => run.suppressed ?? []),
  };
}

function assemble(made: {
  readonly request: ChecklistRequest;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly items: readonly ItemRecord[];
  readonly run: CheckRun;
  readonly observed: readonly Observed[];
  readonly waivers: readonly Waiver[];
  readonly inputs: RunRecord['inputs'];
}): RunRecord {
  const { request, items, run, observed, inputs } = made;
  const gates = { evidence: gateOfItems(items, request.require), signoff: 'waiting' } as const;
  return {
    schemaVersion: 1,
    tool: { name: 'deploycheck', version: request.toolVersion },
    command: request.command,
    startedAt: made.startedAt.toISOString(),
    durationMs: made.durationMs,
    verdict: verdictOfGates(gates, items, request.require),
    gates,
    inputs,
    summary: summarize(run),
    findings: run.findings,
    suppressed: run.suppressed ?? [],
    outcomes: run.outcomes,
    items,
    steps: observed.flatMap(({ steps }) => steps),
    measurements: observed.flatMap(({ measurements }) => measurements),
    series: [],
    notExamined: [
      ...run.notExamined,
      ...run.notMeant,
      ...observed.flatMap(({ notExamined }) => notExamined),
    ],
    waivers: waiverRecords(made.waivers, run.findings, items, inputs),
    signoffs: [],
    // For verification elsewhere, which may not have the configuration.
    data: { roles: rolesOf(request.config) },
  };
}
