import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { podTemplates } from '../workloads.ts';

const fields = ['hostNetwork', 'hostPID', 'hostIPC'] as const;

/** Pods stay out of the namespaces of their node. */
export const check: Check<ManifestSet> = {
  id: 'manifest/host-namespaces',
  title: 'Pods do not share host namespaces',
  severity: 'error',
  cis: ['5.2.3', '5.2.4', '5.2.5'],
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A pod in a namespace of its node sees what it should not: the node’s network with all its listeners, or every process and its memory.',
    messages: { shared: '{{kind}} {{name}} shares the namespace of its node: {{field}}' },
    remediation: 'Remove the field; a Service reaches the pod without it.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostPID: true
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'shared', line: 6, column: 12 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostNetwork: false
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, spec, specPath }) =>
      fields
        .filter((field) => spec[field] === true)
        .map((field) =>
          draftAt(object, [...specPath, field], 'shared', {
            data: { kind: object.kind, name: object.name, field },
          }),
        ),
    );
  },
};
