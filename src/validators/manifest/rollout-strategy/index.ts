import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { claimFinder, isForOneNode } from '../claims.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { intOrStringAt, listAt, numberAt, type Path, stringAt } from '../read.ts';
import { ownReplicas, scalerFinder } from '../scalers.ts';
import { type PodTemplate, podTemplates } from '../workloads.ts';

/**
 * New pods come before the last old one goes, and come by themselves. A Deployment that holds a volume
 * for one node, or a port of its node, has to end its pod first.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/rollout-strategy',
  title: 'Rollouts keep pods running',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A rollout that ends all pods before the new ones answer is an outage with each release. One that waits for pods to be deleted by hand is no rollout.',
    messages: {
      recreate: '{{workload}} ends all its pods before it makes new ones (strategy Recreate)',
      'all-unavailable': '{{workload}} may end all its pods at once: maxUnavailable is {{value}}',
      'on-delete': '{{workload}} replaces a pod only when somebody deletes it (OnDelete)',
      'all-held-back':
        '{{workload}} replaces no pod: the partition {{value}} holds back all {{replicas}} replicas',
    },
    remediation:
      'Use RollingUpdate with a maxUnavailable below the number of replicas, and partition: 0.',
    bad: {
      language: 'yaml',
      text: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  strategy:
    type: Recreate
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
      findings: [{ messageId: 'recreate', line: 8, column: 11 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 1
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
      'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy',
      'https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/',
      'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies',
    ],
  },
  run({ target, notExamined }) {
    const claimsOf = claimFinder(target);
    const scalerOf = scalerFinder(target);
    return podTemplates(target).flatMap((template) => {
      const { object } = template;
      const replicas = scalerOf(object)?.fewest ?? ownReplicas(object);
      const problem = problemOf(template, replicas);
      if (!problem) return [];
      if (object.kind !== 'Deployment') return [problem];
      if (holdsHostPort(template)) return [];
      const claims = claimsOf(template);
      if (claims.some(({ modes }) => modes && isForOneNode(modes))) return [];
      const unknown = claims.find(({ modes }) => modes === undefined);
      if (!unknown) return [problem];
      notExamined(
        `strategy of Deployment ${object.name}`,
        `claim ${unknown.name} is not in the manifests; it may be for one node`,
      );
      return [];
    });
  },
};

function problemOf({ object }: PodTemplate, replicas: number): Draft | undefined {
  const field = object.kind === 'Deployment' ? 'strategy' : 'updateStrategy';
  const type = stringAt(object.value, 'spec', field, 'type');
  const draft = (messageId: string, path: Path, data: Record<string, string | number> = {}) =>
    draftAt(object, ['spec', field, ...path], messageId, {
      data: { workload: `${object.kind} ${object.name}`, ...data },
    });
  if (object.kind === 'Deployment' && type === 'Recreate') return draft('recreate', ['type']);
  if (object.kind !== 'Deployment' && type === 'OnDelete') return draft('on-delete', ['type']);
  const partition = numberAt(object.value, 'spec', field, 'rollingUpdate', 'partition') ?? 0;
  if (partition > 0 && partition >= replicas) {
    const data = { value: partition, replicas };
    return draft('all-held-back', ['rollingUpdate', 'partition'], data);
  }
  const spare = intOrStringAt(object.value, 'spec', field, 'rollingUpdate', 'maxUnavailable');
  // How many pods a DaemonSet has is known by the nodes.
  const all =
    spare === '100%' ||
    (typeof spare === 'number' && object.kind !== 'DaemonSet' && spare >= Math.max(replicas, 1));
  return all
    ? draft('all-unavailable', ['rollingUpdate', 'maxUnavailable'], { value: spare })
    : undefined;
}

/** Two pods that want one port of a node cannot stand on it together. */
function holdsHostPort({ spec, containers }: PodTemplate): boolean {
  return (
    spec.hostNetwork === true ||
    containers.some(({ value }) =>
      listAt(value, 'ports').some((port) => (numberAt(port, 'hostPort') ?? 0) > 0),
    )
  );
}
