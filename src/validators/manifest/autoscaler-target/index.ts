import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import { groupOf } from '../kind-key.ts';
import type { ManifestSet } from '../load.ts';
import { follow, missingObject } from '../references/follow.ts';
import type { Reference } from '../references/reference.ts';
import { groupOfWorkload, horizontalReferences, scaleReferences } from './references.ts';

/** What an autoscaler scales exists, and is meant by the API that serves it. */
export const check: Check<ManifestSet> = {
  id: 'manifest/autoscaler-target',
  title: 'Targets of autoscalers exist',
  severity: 'error',
  critical: true,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'An autoscaler that does not find its target scales nothing, and says so only in its own status: under load the workload stays as small as it is.',
    messages: {
      ...missingObject,
      'wrong-group': '{{kind}} {{name}} is meant as one {{given}}, and it is of {{group}}',
    },
    remediation:
      'Give scaleTargetRef the apiVersion, kind and name of the workload, in the namespace of the autoscaler.',
    bad: {
      language: 'yaml',
      text: example('v1'),
      findings: [{ messageId: 'wrong-group', line: 23, column: 17 }],
    },
    good: { language: 'yaml', text: example('apps/v1'), findings: [] },
    references: ['https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/'],
  },
  run(context) {
    const wrong = horizontalReferences(context.target).filter(isOfAnotherGroup);
    const known = new Set(wrong);
    const rest = scaleReferences(context.target).filter((reference) => !known.has(reference));
    return [...follow(context, rest).missing, ...wrong.map(wrongGroup)];
  },
};

function isOfAnotherGroup({ apiVersion, kind }: Reference): boolean {
  const group = groupOfWorkload.get(kind);
  return group !== undefined && group !== groupOf(apiVersion);
}

function wrongGroup({ from, path, kind, name, apiVersion }: Reference): Draft {
  const given = apiVersion === '' ? 'of no API' : `of ${apiVersion}`;
  const own = groupOfWorkload.get(kind);
  const group = own ? `${own}/v1` : 'v1';
  const at = [...path.slice(0, -1), 'apiVersion'];
  return draftAt(from, at, 'wrong-group', { data: { kind, name, given, group } });
}

function example(apiVersion: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
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
  maxReplicas: 6
  scaleTargetRef:
    apiVersion: ${apiVersion}
    kind: Deployment
    name: web
`;
}
