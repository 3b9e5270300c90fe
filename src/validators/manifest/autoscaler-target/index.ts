import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { groupOf } from '../kind-key.ts';
import type { ManifestSet } from '../load.ts';
import { follow, missingObject } from '../references/follow.ts';
import { scaleReferences } from './references.ts';

/** The workloads of Kubernetes itself that can be scaled; of other kinds the group is not known. */
const groups: Readonly<Record<string, string>> = {
  Deployment: 'apps',
  StatefulSet: 'apps',
  ReplicaSet: 'apps',
  DaemonSet: 'apps',
  ReplicationController: '',
};

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
      'wrong-group': '{{kind}} {{name}} is meant as {{given}}, and {{kind}} belongs to {{group}}',
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
    const all = scaleReferences(context.target);
    const isWrong = ({ apiVersion, kind }: { apiVersion: string; kind: string }) =>
      Object.hasOwn(groups, kind) && groups[kind] !== groupOf(apiVersion);
    const wrong = all.filter(isWrong).map(({ from, path, kind, name, apiVersion }) => {
      const given = apiVersion === '' ? 'no API' : apiVersion;
      const group = groups[kind] === '' ? 'v1' : `${groups[kind]}/v1`;
      const at = [...path.slice(0, -1), 'apiVersion'];
      return draftAt(from, at, 'wrong-group', { data: { kind, name, given, group } });
    });
    const rest = all.filter((reference) => !isWrong(reference));
    return [...follow(context, rest).missing, ...wrong];
  },
};

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
