import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import { minorOf } from '../lifecycle.ts';
import type { ManifestSet } from '../load.ts';
import { stringAt } from '../read.ts';

/** Minor version since which the field is served without flags (beta). */
const since = 27;

/** Disruption budgets let pods go that do not work anyway. */
export const check: Check<ManifestSet> = {
  id: 'manifest/disruption-budget-unhealthy',
  title: 'Disruption budgets do not guard broken pods',
  severity: 'info',
  preset: 'recommended',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'By default a budget guards pods that run without ever getting ready, once too few are ready: a broken release then blocks the drain of its nodes.',
    messages: {
      unset: 'PodDisruptionBudget {{name}} guards pods that are not ready, too',
    },
    remediation: 'Set unhealthyPodEvictionPolicy: AlwaysAllow.',
    bad: {
      language: 'yaml',
      text: `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: web
`,
      findings: [{ messageId: 'unset', line: 6, column: 3 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      app: web
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy',
    ],
  },
  run({ target }) {
    if (target.kubeVersions.some((version) => (minorOf(version) ?? since) < since)) return [];
    return objectsOf(target, 'policy/v1', 'PodDisruptionBudget')
      .filter(({ value }) => stringAt(value, 'spec', 'unhealthyPodEvictionPolicy') === undefined)
      .map((budget) =>
        draftAt(budget, ['spec', 'unhealthyPodEvictionPolicy'], 'unset', {
          data: { name: budget.name },
        }),
      );
  },
};
