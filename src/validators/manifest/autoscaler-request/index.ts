import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { stringAt } from '../read.ts';
import { type HasResource, requestFinder } from '../resources.ts';
import { horizontalVersions } from '../scalers.ts';
import { mayShareNamespace, type PodTemplate, podTemplates } from '../workloads.ts';
import { type UtilizationMetric, utilizationMetrics } from './metrics.ts';

/** An autoscaler that goes by a share of what is requested has pods that request it. */
export const check: Check<ManifestSet> = {
  id: 'manifest/autoscaler-request',
  title: 'Autoscaled pods request what they are scaled by',
  severity: 'error',
  critical: true,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Utilization is a share of the request. Where one container has none, the autoscaler fails with `missing request` and never scales.',
    messages: {
      'no-request':
        '{{scaler}} goes by the use of {{resource}}, which container {{container}} of {{workload}} does not request',
      'no-container':
        '{{scaler}} goes by container {{container}}, which {{workload}} does not have',
    },
    remediation:
      'Set the request in each container of the workload, or let the autoscaler go by AverageValue, which needs none.',
    bad: {
      language: 'yaml',
      text: `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  minReplicas: 2
  maxReplicas: 9
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70
---
apiVersion: apps/v1
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
          resources:
            requests:
              memory: 128Mi
`,
      findings: [{ messageId: 'no-request', line: 15, column: 15 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  minReplicas: 2
  maxReplicas: 9
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70
---
apiVersion: apps/v1
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
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#how-does-a-horizontalpodautoscaler-work',
    ],
  },
  run({ target, notExamined }) {
    const scalers = horizontalVersions
      .flatMap((version) => objectsOf(target, version, 'HorizontalPodAutoscaler'))
      .map((scaler) => ({ scaler, metrics: utilizationMetrics(scaler) }))
      .filter(({ metrics }) => metrics.length > 0);
    if (scalers.length === 0) return [];
    const isRequested = requestFinder(target);
    const workloads = Map.groupBy(
      podTemplates(target),
      ({ object }) => `${object.kind}/${object.name}`,
    );
    return scalers.flatMap(({ scaler, metrics }) => {
      const [kind, name] = ['kind', 'name'].map((field) =>
        stringAt(scaler.value, 'spec', 'scaleTargetRef', field),
      );
      const scaled = workloads
        .get(`${kind}/${name}`)
        ?.find(({ object }) => mayShareNamespace(object, scaler));
      if (scaled) {
        return metrics.flatMap((metric) => problemOf(scaler, scaled, metric, isRequested));
      }
      notExamined(
        `${kind} ${name}`,
        `${scaler.name} scales it, and its pods are not known from the manifests`,
      );
      return [];
    });
  },
};

function problemOf(
  scaler: ManifestObject,
  template: PodTemplate,
  { resource, container, path }: UtilizationMetric,
  isRequested: HasResource,
): Draft[] {
  const workload = `${template.object.kind} ${template.object.name}`;
  const name = `HorizontalPodAutoscaler ${scaler.name}`;
  // Sidecars count like the others (calculatePodRequests of the controller); what ends does not.
  const measured = template.containers.filter(
    (candidate) =>
      candidate.longRunning && (container === undefined || candidate.name === container.name),
  );
  if (container && measured.length === 0) {
    const data = { scaler: name, container: container.name, workload };
    return [draftAt(scaler, container.path, 'no-container', { data })];
  }
  const without = measured.find((candidate) => !isRequested(template, candidate, resource));
  if (!without) return [];
  const data = { scaler: name, resource, container: without.name, workload };
  return [draftAt(scaler, path, 'no-request', { data })];
}
