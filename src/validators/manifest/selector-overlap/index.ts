import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { podIndex } from '../pod-index.ts';
import { partAt } from '../read.ts';
import { asksForNothing } from '../selectors.ts';
import { type SelectingService, selectingServices } from '../services.ts';
import { type PodTemplate, podTemplates } from '../workloads.ts';

const selecting = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

/** Labels that say what a pod is; versions, tracks and releases of one thing share them. */
const identities = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/component',
  'app',
  'k8s-app',
  'component',
];

/**
 * No workload selects pods of another one, and no Service sends requests to two different things.
 * Recommended: pods have owners since Kubernetes 1.8, and some share a Service on purpose. Workloads with
 * the same identity, such as a canary beside the stable one, are one thing.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/selector-overlap',
  title: 'Selectors keep workloads apart',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Autoscalers and disruption budgets count pods by the selector of a workload, so pods of another one falsify them; a Service over two things sends requests to pods that cannot answer.',
    messages: {
      'other-pods': 'the selector of {{kind}} {{name}} selects pods of {{other}}, too',
      'several-apps': 'Service {{name}} selects pods of {{workloads}}, which are different things',
    },
    remediation:
      'Add a label that tells the workloads apart, such as app.kubernetes.io/component, to the pod templates and selectors. The selector of an existing workload cannot be changed.',
    bad: {
      language: 'yaml',
      text: `${workload('web', 'shop')}---\n${workload('worker', 'shop')}`,
      findings: [
        { messageId: 'other-pods', line: 7, column: 5 },
        { messageId: 'other-pods', line: 24, column: 5 },
      ],
    },
    good: {
      language: 'yaml',
      text: `${workload('web', 'web')}---\n${workload('worker', 'worker')}`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector',
      'https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/',
    ],
  },
  run({ target }) {
    const workloads = podTemplates(target).filter(({ object }) => selecting.includes(object.kind));
    return [
      ...workloads.flatMap(({ object }) => strangers(object, target)),
      ...selectingServices(target).flatMap(mixed),
    ];
  },
};

const nameOf = ({ kind, name }: ManifestObject): string => `${kind} ${name}`;

function strangers(object: ManifestObject, target: ManifestSet): Draft[] {
  const path = ['spec', 'selector'];
  const selector = partAt(object.value, ...path);
  // An empty one is refused; manifest/selector-match says so.
  if (asksForNothing(selector)) return [];
  const others = podIndex(target)
    .select(selector, object.namespace)
    // The same name is the same object, written twice or for another namespace.
    .filter((pods) => nameOf(pods.object) !== nameOf(object));
  const [other] = others;
  if (!other) return [];
  const data = { kind: object.kind, name: object.name, other: nameOf(other.object) };
  return [draftAt(object, path, 'other-pods', { data })];
}

function mixed({ object, templates }: SelectingService): Draft[] {
  const [first, ...others] = templates;
  const other = first && others.find((pods) => isAnotherThing(first, pods));
  if (!other) return [];
  const workloads = `${nameOf(first.object)} and ${nameOf(other.object)}`;
  const data = { name: object.name, workloads };
  return [draftAt(object, ['spec', 'selector'], 'several-apps', { data })];
}

/** Whether a label that both have says that they are not the same. */
function isAnotherThing({ labels: a }: PodTemplate, { labels: b }: PodTemplate): boolean {
  return identities.some((key) => a.has(key) && b.has(key) && a.get(key) !== b.get(key));
}

function workload(name: string, app: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels:
      app: ${app}
  template:
    metadata:
      labels:
        app: ${app}
    spec:
      containers:
        - name: ${name}
          image: registry.example/${name}:1.4.2
`;
}
