import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { intOrStringAt, numberAt, partAt, stringAt, stringsAt } from '../read.ts';
import { matchesSelector } from '../selectors.ts';
import { type FindPods, mayShareNamespace, podFinder, podTemplates } from '../workloads.ts';

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
    },
    remediation:
      'Run one replica more than the budget needs, or set maxUnavailable: 1, which follows the number of replicas.',
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
    ],
  },
  run({ target }) {
    const findPods = podFinder(
      podTemplates(target).filter(({ object }) => replicated.includes(object.kind)),
    );
    const scalers = target.objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    return objectsOf(target, 'policy/v1', 'PodDisruptionBudget').flatMap((budget) => {
      const { name } = budget;
      const spare = intOrStringAt(budget.value, 'spec', 'maxUnavailable');
      if (spare === 0 || spare === '0%') {
        const data = { name, value: spare };
        return [draftAt(budget, ['spec', 'maxUnavailable'], 'none-unavailable', { data })];
      }
      const needed = intOrStringAt(budget.value, 'spec', 'minAvailable');
      if (needed === undefined) return [];
      const replicas = replicasOf(budget, findPods, scalers);
      if (replicas === 0 || podsNeeded(needed, replicas) < replicas) return [];
      const data = { name, value: needed, replicas };
      return [draftAt(budget, ['spec', 'minAvailable'], 'all-needed', { data })];
    });
  },
};

/** Pods that the budget guards, 0 when its workload is not in the set. */
function replicasOf(
  budget: ManifestObject,
  findPods: FindPods,
  scalers: readonly ManifestObject[],
): number {
  // A budget without a selector guards no pod.
  const selector = partAt(budget.value, 'spec', 'selector') ?? null;
  if (selector === null) return 0;
  return findPods(stringsAt(selector, 'matchLabels'))
    .filter(
      ({ object, labels }) =>
        mayShareNamespace(budget, object) && matchesSelector(selector, labels),
    )
    .reduce((sum, { object }) => sum + fewestReplicas(object, scalers), 0);
}

/** Replicas default to 1, and so do the minReplicas of an autoscaler. */
function fewestReplicas(workload: ManifestObject, scalers: readonly ManifestObject[]): number {
  const scaler = scalers.find(
    ({ namespace, value }) =>
      mayShareNamespace({ namespace }, workload) &&
      stringAt(value, 'spec', 'scaleTargetRef', 'kind') === workload.kind &&
      stringAt(value, 'spec', 'scaleTargetRef', 'name') === workload.name,
  );
  return scaler
    ? (numberAt(scaler.value, 'spec', 'minReplicas') ?? 1)
    : (numberAt(workload.value, 'spec', 'replicas') ?? 1);
}

/** The disruption controller rounds a percentage up to whole pods. */
function podsNeeded(needed: number | string, replicas: number): number {
  if (typeof needed === 'number') return needed;
  const percent = /^(\d+)%$/.exec(needed)?.[1];
  return percent === undefined ? 0 : Math.ceil((Number(percent) * replicas) / 100);
}
