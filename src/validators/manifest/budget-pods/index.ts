import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';
import { externalsOf } from '../options.ts';
import { podIndex } from '../pod-index.ts';
import { partAt } from '../read.ts';
import { isDeclared } from '../references/external.ts';
import { asksForNothing, selectorText } from '../selectors.ts';
import { runsToCompletion } from '../workloads.ts';

const id = 'manifest/budget-pods';

/**
 * A PodDisruptionBudget guards the pods of one workload. Recommended: neither keeps a release from
 * running. Option `external`: budgets, beside those of `manifests.external`, whose pods come from
 * elsewhere. An empty selector, which means the namespace, is a choice.
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'Disruption budgets guard one workload',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A budget that guards no pod protects nothing during a drain; one over two workloads lets one of them go down as a whole while the other fills the count.',
    messages: {
      'selects-nothing':
        'PodDisruptionBudget {{name}} selects {{wanted}}, and no pod template here has that',
      'several-workloads': 'PodDisruptionBudget {{name}} counts pods of {{workloads}} together',
    },
    remediation:
      'Give each workload a budget whose selector is that of the workload. If the pods come from elsewhere, name the budget under `manifests.external`.',
    bad: {
      language: 'yaml',
      text: example('webb'),
      findings: [{ messageId: 'selects-nothing', line: 7, column: 5 }],
    },
    good: { language: 'yaml', text: example('web'), findings: [] },
    options: {
      external: 'objects that exist elsewhere, as Kind/name or Kind/namespace/name',
    },
    references: [
      'https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget',
    ],
  },
  run({ target, options, notExamined }) {
    const external = [...(target.external ?? []), ...externalsOf(id, options)];
    const pods = podIndex(target);
    return objectsOf(target, 'policy/v1', 'PodDisruptionBudget').flatMap((budget) => {
      const { name, namespace } = budget;
      const path = ['spec', 'selector'];
      const selector = partAt(budget.value, ...path);
      if (asksForNothing(selector)) return [];
      const guarded = pods.select(selector, namespace);
      if (guarded.length === 0) {
        if (isDeclared({ external }, budget)) return [];
        if (target.complete) {
          const wanted = selectorText(selector);
          return [draftAt(budget, path, 'selects-nothing', { data: { name, wanted } })];
        }
        const why = 'its pods may be in a document that was not read';
        notExamined(`PodDisruptionBudget ${name}`, why);
        return [];
      }
      const lasting = guarded.filter((template) => !runsToCompletion(template));
      const workloads = new Set(lasting.map(({ object }) => `${object.kind} ${object.name}`));
      if (workloads.size < 2) return [];
      const data = { name, workloads: [...workloads].slice(0, listed).join(', ') };
      return [draftAt(budget, path, 'several-workloads', { data })];
    });
  },
};

/** Names of workloads in one message. */
const listed = 5;

function example(app: string): string {
  return `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: ${app}
  maxUnavailable: 1
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
`;
}
