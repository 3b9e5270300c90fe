import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { isHook } from '../hooks.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';
import { listAt } from '../read.ts';

/** Pods are made by something that makes them again. */
export const check: Check<ManifestSet> = {
  id: 'manifest/naked-pod',
  title: 'Pods belong to a workload',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A pod that nothing manages is gone with its node, and most of it cannot be changed: a new image means deleting it first.',
    messages: { naked: 'Pod {{name}} has no controller to make it again or to roll it out' },
    remediation: 'Make it the template of a Deployment, StatefulSet, DaemonSet or Job.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'naked', line: 4, column: 9 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
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
      'https://kubernetes.io/docs/concepts/configuration/overview/#naked-pods-vs-replicasets-deployments-and-jobs',
    ],
  },
  run({ target }) {
    return objectsOf(target, 'v1', 'Pod')
      .filter(
        (pod) => !isHook(pod) && listAt(pod.value, 'metadata', 'ownerReferences').length === 0,
      )
      .map((pod) => draftAt(pod, ['metadata', 'name'], 'naked', { data: { name: pod.name } }));
  },
};
