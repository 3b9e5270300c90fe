import type { Check } from '../../../core/check.ts';
import { guardedBy } from '../budgets.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';
import { ownReplicas, scalerFinder } from '../scalers.ts';
import { podTemplates } from '../workloads.ts';

/** Workloads with several replicas have a disruption budget. Of a single one it would only block drains. */
export const check: Check<ManifestSet> = {
  id: 'manifest/disruption-budget-missing',
  title: 'Replicated workloads have a disruption budget',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Without a budget, draining nodes for an upgrade may end all replicas of a workload at the same time.',
    messages: {
      missing:
        '{{workload}} runs {{replicas}} replicas, and no PodDisruptionBudget selects its pods',
    },
    remediation: 'Add a PodDisruptionBudget with the labels of the pods and maxUnavailable: 1.',
    bad: {
      language: 'yaml',
      text: `apiVersion: apps/v1
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
      findings: [{ messageId: 'missing', line: 4, column: 9 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: apps/v1
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
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: web
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  },
  run({ target, notExamined }) {
    const guarded = guardedBy(target);
    const safe = new Set(
      objectsOf(target, 'policy/v1', 'PodDisruptionBudget').flatMap((budget) =>
        guarded(budget).map(({ object }) => object),
      ),
    );
    const scalerOf = scalerFinder(target);
    const missing = podTemplates(target).flatMap(({ object }) => {
      const counted = object.kind === 'Deployment' || object.kind === 'StatefulSet';
      if (!counted || safe.has(object)) return [];
      const replicas = scalerOf(object)?.fewest ?? ownReplicas(object);
      return replicas < 2 ? [] : [{ object, replicas }];
    });
    if (!target.complete && missing.length > 0) {
      notExamined('disruption budgets', 'a part of the manifests was not read');
      return [];
    }
    return missing.map(({ object, replicas }) =>
      draftAt(object, ['metadata', 'name'], 'missing', {
        data: { workload: `${object.kind} ${object.name}`, replicas },
      }),
    );
  },
};
