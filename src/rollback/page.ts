import type { NotExamined } from '../core/engine.ts';
import type { Finding } from '../core/finding.ts';
import { planSteps } from './commands.ts';
import type { MigrationPlan } from './migrations/observation.ts';
import type { Execution, RollbackPlan, WorkloadPlan } from './observation.ts';
import { secondsText } from './seconds-text.ts';

export interface Judged {
  readonly findings: readonly Finding[];
  readonly notExamined: readonly NotExamined[];
  /** What a rule was kept from looking at by a fault. */
  readonly faults: readonly string[];
}

/** One page for whoever is woken at night. The first line is the verdict and its first cause. */
export function planPage(plan: RollbackPlan, judged: Judged): string {
  const sections = [
    [verdictLine(plan, judged)],
    ['', ...targetLines(plan)],
    section('Problems', problemLines(judged)),
    section('Not proven', [
      ...judged.faults.map((message) => `- could not look: ${message}`),
      ...judged.notExamined.map(({ what, why }) => `- ${what}: ${why}`),
    ]),
    section('Done', plan.executions?.flatMap(executionLines) ?? []),
    section('Migrations since then', plan.migrations.flatMap(migrationLines)),
    section('Commands, in this order', plan.executions ? [] : commandLines(plan)),
    plan.executions ? [] : section('Point of no return', [noReturn(plan)]),
    plan.executions ? [] : section('What is lost', lossLines(plan)),
    section('Time', timeLines(plan)),
    plan.executions ? [] : ['', `decision ${plan.decision}`, ...approvalLines(plan)],
  ];
  return `${sections.flat().join('\n')}\n`;
}

function verdictLine(plan: RollbackPlan, { findings, notExamined, faults }: Judged): string {
  const error = findings.find(({ severity }) => severity === 'error');
  const open = faults[0] ?? notExamined.map(({ what, why }) => `${what}: ${why}`)[0];
  const done = plan.executions !== null;
  if (error) return `${done ? 'FAILED' : 'NO-GO'}  ${error.message}`;
  if (open !== undefined) return `${done ? 'DONE, UNPROVEN' : 'UNPROVEN'}  ${open}`;
  const targets = plan.workloads.map(({ kind, name, target }) => {
    return `${kind.toLowerCase()}/${name} ${done ? 'is back at' : 'can go back to'} revision ${target?.number}`;
  });
  const took = plan.executions?.reduce((sum, { seconds }) => sum + seconds, 0);
  const time =
    took === undefined
      ? `in about ${secondsText(plan.estimate.value)} (at most ${secondsText(plan.estimate.high)})`
      : `after ${secondsText(took)}`;
  return `${done ? 'DONE' : 'GO'}  ${targets.join(', ')} ${time}`;
}

function targetLines({ cluster, workloads }: RollbackPlan): string[] {
  return [
    `cluster   ${cluster.server} (context ${cluster.context}, user ${cluster.user}, ${cluster.version})`,
    `namespace ${cluster.namespace}`,
    ...workloads.flatMap(workloadLines),
  ];
}

function workloadLines({ kind, name, revisions, target, choice }: WorkloadPlan): string[] {
  const current = revisions.find((revision) => revision.current);
  const shown = (revision: typeof current | null) =>
    revision ? `${revision.number} (${revision.images.join(', ')})` : 'none';
  return [
    `object    ${kind.toLowerCase()}/${name}`,
    `  from revision ${shown(current)}`,
    `  to   revision ${shown(target)}: ${choice}`,
  ];
}

const marks = { error: 'ERROR', warning: 'WARN ', info: 'note ' } as const;

function problemLines({ findings }: Judged): string[] {
  return (['error', 'warning', 'info'] as const).flatMap((severity) =>
    findings
      .filter((finding) => finding.severity === severity)
      .map(({ message, check }) => `${marks[severity]} ${message} [${check}]`),
  );
}

function commandLines(plan: RollbackPlan): string[] {
  return planSteps(plan).flatMap(({ who, what, command }, at) => [
    `${at + 1}. ${what} (${who})`,
    ...(command === null ? [] : [`   ${command}`]),
  ]);
}

function noReturn(plan: RollbackPlan): string {
  const steps = planSteps(plan);
  const at = steps.findIndex(({ loses }) => loses.length > 0);
  if (at === -1) return `none: ${forward(plan)}`;
  return `command ${at + 1}: what it takes away comes back from a backup only`;
}

function forward({ workloads, cluster }: RollbackPlan): string {
  const undo = workloads.map(({ kind, name, namespace, revisions }) => {
    const current = revisions.find((revision) => revision.current);
    const to = current ? ` --to-revision=${current.number}` : '';
    return `kubectl --context ${cluster.context} -n ${namespace} rollout undo ${kind.toLowerCase()}/${name}${to}`;
  });
  return `it can be undone with ${undo.join('; ')}`;
}

function migrationLines({ service, state, why, boundary, steps }: MigrationPlan): string[] {
  if (state === 'none') return [];
  if (state === 'unknown') return [`of ${service}: not known; ${why}`];
  const lines = steps.map(({ version, name, down, expandOnly }) => {
    const kind = expandOnly ? 'only adds, by its text' : 'changes or takes away';
    return `- ${version}_${name}: ${kind}; down ${down}`;
  });
  return [`of ${service}, ${boundary}: ${steps.length === 0 ? 'none' : steps.length}`, ...lines];
}

function lossLines(plan: RollbackPlan): string[] {
  const losses = planSteps(plan).flatMap(({ loses }) => loses);
  if (losses.length > 0) return losses.map((text) => `- ${text}`);
  if (plan.keepSchema) return ['nothing: the migrations stay in place'];
  if (plan.migrations.some(({ state }) => state === 'unknown')) return ['not known: see above'];
  const downs = plan.migrations.flatMap(({ steps }) => steps);
  return [
    downs.length === 0 ? 'nothing: no migration lies between' : 'nothing that the downs tell',
  ];
}

function timeLines({ estimate, limitSeconds, executions }: RollbackPlan): string[] {
  if (executions) return [];
  const { terms, value, low, high, source } = estimate;
  const lines = terms.map((term) => {
    const range = `${secondsText(term.low)} to ${secondsText(term.high)}`;
    return `${term.name}: ${secondsText(term.value)} (${range}), ${term.source}: ${term.how}`;
  });
  return [
    ...lines,
    `together ${secondsText(value)} (${secondsText(low)} to ${secondsText(high)}), ${source}; sla.rollback ${secondsText(limitSeconds)}, from the first command on`,
  ];
}

function executionLines(execution: Execution): string[] {
  const { kind, name, outcome, seconds, readyPods, wantedPods, restarts, endpoints } = execution;
  const digests = Object.entries(execution.digests).map(
    ([container, found]) => `container ${container} runs ${found.join(' and ')}`,
  );
  const reached = endpoints === null ? '' : `, ${endpoints} endpoints`;
  return [
    `${kind.toLowerCase()}/${name}: ${outcome} after ${secondsText(seconds)}; ${readyPods} of ${wantedPods} pods ready${reached}, ${restarts} restarts`,
    ...digests.map((text) => `  ${text}`),
    ...execution.deletedPods.map((pod) => `  deleted pod ${pod}`),
    ...execution.probes.map(
      ({ path, state, message }) => `  ${path}: ${state}${message && `, ${message}`}`,
    ),
    `  to go forward again: ${execution.undo}`,
  ];
}

function approvalLines({ workloads }: RollbackPlan): string[] {
  if (workloads.some(({ target }) => target === null)) return [];
  return [
    'to do it: the same command without --dry-run, with --yes and this digest, within 10 minutes',
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}
