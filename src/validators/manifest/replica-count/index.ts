import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { claimFinder, isForOneNode } from '../claims.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { countOf } from '../options.ts';
import { listAt, numberAt, stringAt } from '../read.ts';
import { horizontalVersions, ownReplicas, scalerFinder } from '../scalers.ts';
import { type PodTemplate, podTemplates } from '../workloads.ts';

const id = 'manifest/replica-count';

/**
 * Workloads run in several copies. What an autoscaler keeps counts for its target; no replicas at all,
 * and what says that copies cannot run side by side, by the strategy Recreate or a claim for one node, are
 * meant so. Option `minimum`: how many, 2 when left out.
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'Workloads run more than one copy',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'With a single copy every drained node, every crash and every slow start is an outage.',
    messages: {
      few: '{{kind}} {{name}} runs {{replicas}} of at least {{minimum}} replicas',
      stateful:
        'StatefulSet {{name}} with its own volumes runs {{replicas}} of at least {{minimum}} replicas',
      scaled:
        '{{scaler}} may leave {{workload}} with {{replicas}} of at least {{minimum}} replicas',
    },
    remediation:
      'Raise replicas, or minReplicas of the autoscaler. A workload that must run once says so with the strategy Recreate.',
    options: { minimum: 'the fewest replicas, 2 when left out' },
    bad: {
      language: 'yaml',
      text: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
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
`,
      findings: [{ messageId: 'few', line: 6, column: 13 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
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
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#dealing-with-disruptions',
    ],
  },
  run({ target, options }) {
    const minimum = countOf(id, options, 'minimum') ?? 2;
    const scalerOf = scalerFinder(target);
    const claimsOf = claimFinder(target);
    const isAlone = (template: PodTemplate): boolean =>
      claimsOf(template).some(({ modes }) => modes && isForOneNode(modes));
    const workloads = podTemplates(target)
      .filter(({ object }) => object.kind === 'Deployment' || object.kind === 'StatefulSet')
      .filter((template) => !scalerOf(template.object) && !isAlone(template))
      .flatMap(({ object }) => ofWorkload(object, minimum));
    const scalers = horizontalVersions
      .flatMap((version) => objectsOf(target, version, 'HorizontalPodAutoscaler'))
      .flatMap((scaler) => ofScaler(scaler, minimum));
    return [...workloads, ...scalers];
  },
};

function ofWorkload(object: ManifestObject, minimum: number): Draft[] {
  const replicas = ownReplicas(object);
  const single = stringAt(object.value, 'spec', 'strategy', 'type') === 'Recreate';
  if (replicas === 0 || replicas >= minimum || single) return [];
  const { kind, name } = object;
  // Copies of a database are more than a number: they have to know each other.
  const stateful =
    kind === 'StatefulSet' && listAt(object.value, 'spec', 'volumeClaimTemplates').length > 0;
  return [
    draftAt(object, ['spec', 'replicas'], stateful ? 'stateful' : 'few', {
      data: { ...(stateful ? {} : { kind }), name, replicas, minimum },
      ...(stateful && { severity: 'info' }),
    }),
  ];
}

function ofScaler(object: ManifestObject, minimum: number): Draft[] {
  const replicas = numberAt(object.value, 'spec', 'minReplicas') ?? 1;
  if (replicas === 0 || replicas >= minimum) return [];
  const scaler = `${object.kind} ${object.name}`;
  const workload = ['kind', 'name']
    .map((field) => stringAt(object.value, 'spec', 'scaleTargetRef', field) ?? '')
    .join(' ');
  const data = { scaler, workload, replicas, minimum };
  return [draftAt(object, ['spec', 'minReplicas'], 'scaled', { data })];
}
