import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { guardedBy } from '../budgets.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { intOrStringAt } from '../read.ts';
import { ownReplicas, type Scaler, scalerFinder } from '../scalers.ts';
import type { PodTemplate } from '../workloads.ts';

/** Workloads whose replicas can be counted. */
const replicated = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'];

/**
 * A PodDisruptionBudget lets at least one pod go. For an autoscaled workload the fewest replicas
 * count, for several workloads their sum.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/disruption-budget',
  title: 'Disruption budgets let a node be drained',
  severity: 'error',
  critical: true,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A budget that allows no disruption blocks every drain: node upgrades and scale-downs wait until somebody deletes pods by hand.',
    messages: {
      'none-unavailable':
        'PodDisruptionBudget {{name}} allows {{value}} unavailable pods, so no pod can be evicted',
      'all-needed':
        'PodDisruptionBudget {{name}} needs {{value}} of {{replicas}} pods available, so no pod can be evicted',
      'all-percent':
        'PodDisruptionBudget {{name}} needs {{value}} of its pods available, so no pod can be evicted',
      'second-budget':
        'PodDisruptionBudget {{name}} selects the pods of {{workload}}, as {{other}} does; pods of two budgets cannot be evicted',
    },
    remediation:
      'Run one replica more than the budget needs, or set maxUnavailable: 1, which follows the number of replicas. Select each pod with one budget.',
    bad: {
      language: 'yaml',
      text: `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  minAvailable: 2
  selector:
    matchLabels:
      app: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'all-needed', line: 6, column: 17 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  minAvailable: 2
  selector:
    matchLabels:
      app: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget',
      'https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/#how-api-initiated-eviction-works',
    ],
  },
  run({ target }) {
    const scalerOf = scalerFinder(target);
    const guarded = guardedBy(target);
    const firstOf = new Map<ManifestObject, ManifestObject>();
    return objectsOf(target, 'policy/v1', 'PodDisruptionBudget').flatMap((budget) => {
      const templates = guarded(budget);
      // What names no namespace may go to another one: only these surely meet.
      const together = templates.filter(({ object }) => object.namespace === budget.namespace);
      const second = together.find(({ object }) => firstOf.has(object));
      for (const { object } of together) {
        if (!firstOf.has(object)) firstOf.set(object, budget);
      }
      const other = second && firstOf.get(second.object);
      return [
        ...tightness(budget, templates, scalerOf),
        ...(second && other ? [secondBudget(budget, second, other)] : []),
      ];
    });
  },
};

function secondBudget(budget: ManifestObject, { object }: PodTemplate, other: ManifestObject) {
  const workload = `${object.kind} ${object.name}`;
  const data = { name: budget.name, workload, other: other.name };
  return draftAt(budget, ['spec', 'selector'], 'second-budget', { data, part: 'key' });
}

/** Whether the budget lets nothing go. */
function tightness(
  budget: ManifestObject,
  templates: readonly PodTemplate[],
  scalerOf: (workload: ManifestObject) => Scaler | undefined,
): Draft[] {
  const { name } = budget;
  const spare = intOrStringAt(budget.value, 'spec', 'maxUnavailable');
  if (spare === 0 || spare === '0%') {
    const data = { name, value: spare };
    return [draftAt(budget, ['spec', 'maxUnavailable'], 'none-unavailable', { data })];
  }
  const value = intOrStringAt(budget.value, 'spec', 'minAvailable');
  if (value === undefined) return [];
  const workloads = templates.filter(({ object }) => replicated.includes(object.kind));
  // All of however many there are.
  if (value === '100%' && workloads.length === 0) {
    return [draftAt(budget, ['spec', 'minAvailable'], 'all-percent', { data: { name, value } })];
  }
  const replicas = workloads.reduce(
    (sum, { object }) => sum + (scalerOf(object)?.fewest ?? ownReplicas(object)),
    0,
  );
  if (replicas === 0 || podsNeeded(value, replicas) < replicas) return [];
  return [
    draftAt(budget, ['spec', 'minAvailable'], 'all-needed', { data: { name, value, replicas } }),
  ];
}

/** The disruption controller rounds a percentage up to whole pods. */
function podsNeeded(needed: number | string, replicas: number): number {
  if (typeof needed === 'number') return needed;
  const percent = /^(\d+)%$/.exec(needed)?.[1];
  return percent === undefined ? 0 : Math.ceil((Number(percent) * replicas) / 100);
}
