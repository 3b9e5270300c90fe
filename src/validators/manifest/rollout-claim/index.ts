import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { claimFinder, isForOneNode, type SharedClaim } from '../claims.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { intOrStringAt, stringAt } from '../read.ts';
import { ownReplicas, scalerFinder } from '../scalers.ts';
import { podTemplates } from '../workloads.ts';

/**
 * A Deployment whose one pod holds a volume for one node does not make the next pod beside it. Several
 * replicas of one volume are another question.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/rollout-claim',
  title: 'A rollout can hand its volume over',
  severity: 'error',
  critical: true,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The old pod stays until the new one is ready, and the new one waits for the volume that the old one holds: the rollout never ends.',
    messages: {
      'one-pod':
        'the next pod of {{workload}} waits for claim {{claim}}, which only one pod may hold (ReadWriteOncePod), and the old pod waits for the next',
      'one-node':
        'the next pod of {{workload}} can start on the node of the old one only, which holds claim {{claim}} (ReadWriteOnce)',
    },
    remediation:
      'Use strategy Recreate, or maxSurge: 0 with maxUnavailable: 1; a StatefulSet does so by itself.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  accessModes:
    - ReadWriteOncePod
  resources:
    requests:
      storage: 1Gi
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
      volumes:
        - name: data
          persistentVolumeClaim:
            claimName: data
`,
      findings: [{ messageId: 'one-pod', line: 31, column: 24 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  accessModes:
    - ReadWriteOncePod
  resources:
    requests:
      storage: 1Gi
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
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
      volumes:
        - name: data
          persistentVolumeClaim:
            claimName: data
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes',
      'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment',
    ],
  },
  run({ target }) {
    const claimsOf = claimFinder(target);
    const scalerOf = scalerFinder(target);
    return podTemplates(target).flatMap((template): Draft[] => {
      const { object } = template;
      if (object.kind !== 'Deployment' || scalerOf(object) || ownReplicas(object) !== 1) return [];
      if (!waitsForTheNext(object)) return [];
      const [held] = claimsOf(template).toSorted((a, b) => rank(a) - rank(b));
      if (!held?.modes || rank(held) === others) return [];
      const onePod = rank(held) === 0;
      const data = { workload: `Deployment ${object.name}`, claim: held.name };
      return [
        draftAt(object, held.path, onePod ? 'one-pod' : 'one-node', {
          data,
          ...(!onePod && { severity: 'warning' }),
        }),
      ];
    });
  },
};

const others = 2;

/** 0 for a claim of one pod, 1 for one of one node. */
function rank({ modes }: SharedClaim): number {
  if (!modes || modes.length === 0 || !isForOneNode(modes)) return others;
  return modes.every((mode) => mode === 'ReadWriteOncePod') ? 0 : 1;
}

/**
 * Whether the one pod may not go before the next is ready. Of one replica a share of maxUnavailable is
 * rounded down to 0, other than 100 %; both defaults are 25 %.
 */
function waitsForTheNext({ value }: ManifestObject): boolean {
  if (stringAt(value, 'spec', 'strategy', 'type') === 'Recreate') return false;
  const spare = intOrStringAt(value, 'spec', 'strategy', 'rollingUpdate', 'maxUnavailable');
  const surge = intOrStringAt(value, 'spec', 'strategy', 'rollingUpdate', 'maxSurge');
  const nothingMore = surge === 0 || surge === '0%';
  return !nothingMore && (typeof spare === 'number' ? spare === 0 : spare !== '100%');
}
