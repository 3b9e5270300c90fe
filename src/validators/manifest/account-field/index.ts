import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { stringAt } from '../read.ts';
import { podTemplates } from '../workloads.ts';

/** The service account is named by the field of today. */
export const check: Check<ManifestSet> = {
  id: 'manifest/account-field',
  title: 'Pods name their service account in serviceAccountName',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'serviceAccount is deprecated. Where both are given and differ, it counts for nothing, and whoever reads it is misled about the rights of the pod.',
    messages: {
      deprecated: '{{kind}} {{name}} names its service account by the deprecated serviceAccount',
      overruled:
        '{{kind}} {{name}} runs as the service account {{account}}: serviceAccount names another, for nothing',
    },
    remediation: 'Write serviceAccountName alone.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccount: shop
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'deprecated', line: 6, column: 19 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: shop
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec',
    ],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, spec, specPath }) => {
      const old = stringAt(spec, 'serviceAccount') ?? '';
      const account = stringAt(spec, 'serviceAccountName') ?? '';
      // A server shows both in what it has stored, and they are the same there.
      if (old === '' || old === account) return [];
      const path = [...specPath, 'serviceAccount'];
      const data = { kind: object.kind, name: object.name };
      return account === ''
        ? [draftAt(object, path, 'deprecated', { data })]
        : [draftAt(object, path, 'overruled', { data: { ...data, account }, severity: 'warning' })];
    });
  },
};
