import type { MigrationPlan, MigrationStep } from './migrations/observation.ts';
import { lockTimeoutSeconds } from './migrations/terms.ts';
import type { RollbackPlan, WorkloadPlan } from './observation.ts';

/** One thing to do, in the order of the plan. */
export interface PlanStep {
  readonly who: string;
  readonly what: string;
  readonly command: string | null;
  /** What it takes away for good; empty when it can be undone. */
  readonly loses: readonly string[];
}

/** Everything there is to do, in order: downs with the files of the running release, then the workloads. */
export function planSteps(plan: RollbackPlan): PlanStep[] {
  const { workloads, migrations, keepSchema, cluster } = plan;
  const downs = keepSchema ? [] : migrations.flatMap(downSteps);
  return [
    ...workloads.flatMap(suspension),
    ...downs,
    ...workloads.flatMap((workload) => workloadSteps(workload, cluster)),
  ];
}

function suspension({ owner, kind, name }: WorkloadPlan): PlanStep[] {
  if (owner === null || owner.by === 'Helm') return [];
  const who = `whoever runs ${owner.by}`;
  const what = `keep ${owner.by} ${owner.name} from setting ${kind.toLowerCase()}/${name} back`;
  const commands: Readonly<Record<string, string>> = {
    'Argo CD': `argocd app set ${shell(owner.name)} --sync-policy none`,
    Flux: `flux suspend kustomization ${shell(owner.name)}`,
  };
  return [{ who, what, command: commands[owner.by] ?? null, loses: [] }];
}

function downSteps(plan: MigrationPlan): PlanStep[] {
  const { service, steps } = plan;
  return steps.map((step): PlanStep => {
    const name = `${step.version}_${step.name}`;
    const who = `whoever may change the database of ${service}`;
    const loses = step.losses.map(({ statement }) => statement);
    if (step.down !== 'present') {
      const what = `revert ${name} by hand: it has no down that does anything`;
      return { who, what, command: null, loses: ['whatever reverting it by hand takes'] };
    }
    const what = `revert ${name}, with the files of the release that runs now`;
    return { who, what, command: downCommand(plan, step), loses };
  });
}

/** The address of the database stays in the environment of whoever runs it. */
function downCommand({ folder, tool, table }: MigrationPlan, { file, version }: MigrationStep) {
  if (tool === 'golang-migrate') {
    return `migrate -path ${shell(folder)} -database "$DATABASE_URL" down 1`;
  }
  const forget =
    table === null ? '' : ` -c ${shell(`delete from ${table} where version = '${version}'`)}`;
  return `PGOPTIONS='-c lock_timeout=${lockTimeoutSeconds}s' psql "$DATABASE_URL" -v ON_ERROR_STOP=1 --single-transaction -f ${shell(file ?? '')}${forget}`;
}

function workloadSteps(workload: WorkloadPlan, cluster: RollbackPlan['cluster']): PlanStep[] {
  const { kind, name, namespace, target } = workload;
  if (target === null) return [];
  const object = `${kind.toLowerCase()}/${name}`;
  const kubectl = `kubectl --context ${shell(cluster.context)} -n ${namespace}`;
  const who = `${cluster.user}, or whoever may change ${object}`;
  const step = (what: string, command: string): PlanStep => ({ who, what, command, loses: [] });
  return [
    step(
      `${object} to revision ${target.number}`,
      `${kubectl} rollout undo ${object} --to-revision=${target.number}`,
    ),
    ...(workload.deletesStuckPods ? workload.stuckPods : []).map((pod) =>
      step('delete the pod that holds the rollout up', `${kubectl} delete pod ${pod.name}`),
    ),
    step('wait until it is over', `${kubectl} rollout status ${object} --timeout=15m`),
  ];
}

/** Quotes for a POSIX shell what needs it. */
export function shell(text: string): string {
  return /^[\w./:@=+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
