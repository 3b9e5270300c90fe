import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { isRecord, listAt, partAt } from '../read.ts';
import { ownReplicas, type Scaler, scalerFinder } from '../scalers.ts';
import { type Labels, matchesSelector } from '../selectors.ts';
import { type PodTemplate, podTemplates } from '../workloads.ts';

/**
 * The pods of a workload with several replicas are kept apart, by topology spread constraints or by
 * pod anti-affinity, and both mean these pods: a selector that misses them does nothing.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/topology-spread',
  title: 'Replicas are spread over nodes',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The scheduler only tends to spread replicas. On a busy day all of them stand on one node, and one lost node is an outage.',
    messages: {
      missing:
        '{{workload}} runs up to {{replicas}} replicas, and nothing keeps them on different nodes',
      'other-pods':
        'the spread of {{workload}} counts pods with other labels than its own, so it does nothing',
      'no-selector':
        'the spread of {{workload}} has no labelSelector, so it counts no pods and does nothing',
    },
    remediation:
      'Add topologySpreadConstraints for kubernetes.io/hostname and topology.kubernetes.io/zone with the labels of the pods, whenUnsatisfiable: ScheduleAnyway where nodes are few.',
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
      topologySpreadConstraints:
        - topologyKey: kubernetes.io/hostname
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app: website
      containers:
        - name: web
          image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'other-pods', line: 19, column: 11 }],
    },
    good: {
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
      topologySpreadConstraints:
        - topologyKey: kubernetes.io/hostname
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app: web
      containers:
        - name: web
          image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/',
      'https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity',
    ],
  },
  run({ target }) {
    const scalerOf = scalerFinder(target);
    return podTemplates(target).flatMap((template) => {
      const wrong = uselessConstraints(template);
      if (wrong.length > 0) return wrong;
      const replicas = mostReplicas(template, scalerOf(template.object));
      if (replicas < 2 || isSpread(template)) return [];
      const data = { workload: nameOf(template), replicas };
      return [draftAt(template.object, template.specPath, 'missing', { data, part: 'key' })];
    });
  },
};

const nameOf = ({ object }: PodTemplate): string => `${object.kind} ${object.name}`;

function uselessConstraints(template: PodTemplate): Draft[] {
  const { object, specPath, spec, labels } = template;
  return listAt(spec, 'topologySpreadConstraints').flatMap((constraint, index) => {
    const selector = partAt(constraint, 'labelSelector');
    if (!isRecord(constraint) || selectsOwn(selector, labels)) return [];
    const path = [...specPath, 'topologySpreadConstraints', index, 'labelSelector'];
    const messageId = isRecord(selector) ? 'other-pods' : 'no-selector';
    return [
      draftAt(object, path, messageId, { data: { workload: nameOf(template) }, part: 'key' }),
    ];
  });
}

/** An absent selector selects no pods here, an empty one all of the namespace. */
function selectsOwn(selector: unknown, labels: Labels): boolean {
  return isRecord(selector) && matchesSelector(selector, labels);
}

/** Replicas of what makes several; pods of DaemonSets stand on different nodes anyway. */
function mostReplicas({ object }: PodTemplate, scaler: Scaler | undefined): number {
  if (object.kind !== 'Deployment' && object.kind !== 'StatefulSet') return 0;
  return scaler?.most ?? ownReplicas(object);
}

function isSpread({ spec, labels }: PodTemplate): boolean {
  if (listAt(spec, 'topologySpreadConstraints').length > 0) return true;
  const apart = (field: string) => listAt(spec, 'affinity', 'podAntiAffinity', field);
  const terms = [
    ...apart('requiredDuringSchedulingIgnoredDuringExecution'),
    ...apart('preferredDuringSchedulingIgnoredDuringExecution').map((entry) =>
      partAt(entry, 'podAffinityTerm'),
    ),
  ];
  return terms.some((term) => selectsOwn(partAt(term, 'labelSelector'), labels));
}
