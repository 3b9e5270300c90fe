import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { partAt } from '../read.ts';
import { isEmptySelector, requirementsOf } from '../selectors.ts';
import { isKind, podTemplateOf } from '../workloads.ts';

const selectingKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

/** A workload selects the pods that it makes. */
export const check: Check<ManifestSet> = {
  id: 'manifest/selector-match',
  title: 'Workload selectors match their pod templates',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The API server refuses a workload whose selector does not select the pods of its own template.',
    messages: {
      mismatch: 'the selector wants {{wanted}}, and the pod template does not have it',
      empty: 'the selector is empty, which the API server refuses',
    },
    remediation:
      'Give the pod template the labels that the selector asks for. The selector of an existing workload cannot be changed.',
    bad: {
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
        app: website
    spec:
      containers:
        - name: web
          image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'mismatch', line: 8, column: 12 }],
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
        tier: front
    spec:
      containers:
        - name: web
          image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector'],
  },
  run({ target }) {
    return target.objects.flatMap((object) => {
      if (!selectingKinds.some((kind) => isKind(object, 'apps/v1', kind))) return [];
      const template = podTemplateOf(object);
      const path = ['spec', 'selector'];
      const selector = partAt(object.value, ...path);
      if (!template || selector === undefined) return [];
      if (isEmptySelector(selector)) return [draftAt(object, path, 'empty')];
      return requirementsOf(selector)
        .filter((requirement) => !requirement.holds(template.labels))
        .map((requirement) =>
          draftAt(object, [...path, ...requirement.path], 'mismatch', {
            data: { wanted: requirement.text },
          }),
        );
    });
  },
};
