import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';
import { follow, missingObject } from '../references/follow.ts';
import { accountReferences } from './references.ts';

/** The ServiceAccount that pods run as exists; `default` is in every namespace. */
export const check: Check<ManifestSet> = {
  id: 'manifest/service-account',
  title: 'Service accounts of pods exist',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The API server refuses pods whose ServiceAccount does not exist: a workload is accepted and never gets a pod.',
    messages: { ...missingObject },
    remediation:
      'Add the ServiceAccount to the manifests or correct the name; declare one that is made elsewhere under `manifests.external`.',
    bad: {
      language: 'yaml',
      beside: { emptyCluster: true },
      text: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: webb
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'missing-object', line: 11, column: 23 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: web
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
    ],
  },
  run(context) {
    return follow(context, accountReferences(context.target)).missing;
  },
};
