import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';
import { numberAt } from '../read.ts';
import { scalerFinder } from '../scalers.ts';

/** What an autoscaler scales names no number of replicas. */
export const check: Check<ManifestSet> = {
  id: 'manifest/autoscaled-replicas',
  title: 'Autoscaled workloads name no replicas',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Each time the manifests are applied the number they name takes the place of the one that the autoscaler chose: a release under load starts by ending pods.',
    messages: {
      fixed: 'replicas: {{replicas}} undoes what {{scaler}} chose, each time it is applied',
    },
    remediation:
      'Leave spec.replicas out. For a workload that runs already, give the field up first: Kubernetes documents how.',
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
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  minReplicas: 3
  maxReplicas: 9
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
`,
      findings: [{ messageId: 'fixed', line: 6, column: 13 }],
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
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  minReplicas: 3
  maxReplicas: 9
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling',
    ],
  },
  run({ target }) {
    const scalerOf = scalerFinder(target);
    return ['Deployment', 'StatefulSet', 'ReplicaSet']
      .flatMap((kind) => objectsOf(target, 'apps/v1', kind))
      .flatMap((workload) => {
        const replicas = numberAt(workload.value, 'spec', 'replicas');
        const scaler = scalerOf(workload)?.object;
        if (replicas === undefined || !scaler) return [];
        const data = { replicas, scaler: `${scaler.kind} ${scaler.name}` };
        return [draftAt(workload, ['spec', 'replicas'], 'fixed', { data })];
      });
  },
};
