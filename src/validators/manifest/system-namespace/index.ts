import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { podTemplates } from '../workloads.ts';

const reserved = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** Workloads stay out of the namespaces of the cluster itself. */
export const check: Check<ManifestSet> = {
  id: 'manifest/system-namespace',
  title: 'Workloads stay out of system namespaces',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Policies often leave kube-system out, and whoever may read its Secrets owns the cluster. A pod there has both.',
    messages: { system: '{{workload}} runs in {{namespace}}, which belongs to the cluster' },
    remediation:
      'Make a namespace of its own. What is part of the cluster and has to run there is worth a waiver.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: kube-system
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'system', line: 5, column: 14 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces',
    ],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object }) => {
      const { kind, name, namespace } = object;
      if (namespace === null || !reserved.has(namespace)) return [];
      const data = { workload: `${kind} ${name}`, namespace };
      return [draftAt(object, ['metadata', 'namespace'], 'system', { data })];
    });
  },
};
