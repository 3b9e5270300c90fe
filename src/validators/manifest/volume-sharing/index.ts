import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { numberAt, partAt, stringAt, textsAt } from '../read.ts';
import { objectsNamed } from '../references/in-set.ts';
import type { Reference } from '../references/reference.ts';
import { claimReferences } from '../volume-claim/references.ts';
import { podTemplateOf } from '../workloads.ts';

const replicated = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'];

/**
 * A claim that several pods of one workload mount can be mounted by several. One that one node may mount
 * is a warning, since pods may happen to be on one node; where they are held on one it is none. Claims
 * that are not in the set are not judged: manifest/volume-claim says so.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/volume-sharing',
  title: 'Volumes that replicas share can be shared',
  severity: 'warning',
  critical: false,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A volume of mode ReadWriteOnce is attached to one node: replicas on other nodes stay in ContainerCreating, and a rolling update that moves a pod waits for the old one.',
    messages: {
      'one-node':
        '{{kind}} {{workload}} runs {{pods}}, and all mount claim {{claim}}, which one node may mount ({{modes}})',
      'one-pod':
        '{{kind}} {{workload}} runs {{pods}}, and all mount claim {{claim}}, which one pod may mount ({{modes}})',
    },
    remediation:
      'Give each replica a volume of its own with volumeClaimTemplates of a StatefulSet, use a class with ReadWriteMany, or run one replica with the strategy Recreate.',
    bad: {
      language: 'yaml',
      text: example(3),
      findings: [{ messageId: 'one-node', line: 29, column: 24 }],
    },
    good: { language: 'yaml', text: example(1), findings: [] },
    references: [
      'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes',
      'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#recreate-deployment',
    ],
  },
  run({ target }) {
    return claimReferences(target).flatMap((reference) => judge(reference, target) ?? []);
  },
};

function judge(reference: Reference, target: ManifestSet): Draft | undefined {
  const { from, name, path } = reference;
  const pods = podsOf(from);
  const [claim, other] = objectsNamed(target, reference);
  // Of two that may be meant nobody knows which it is; manifest/duplicate-object tells.
  if (pods === undefined || claim === undefined || other) return undefined;
  const modes = textsAt(claim.value, 'spec', 'accessModes');
  const data = {
    kind: from.kind,
    workload: from.name,
    pods,
    claim: name,
    modes: modes.join(', '),
  };
  if (modes.length === 0) return undefined;
  if (modes.every((mode) => mode === 'ReadWriteOncePod')) {
    return draftAt(from, path, 'one-pod', { data, severity: 'error' });
  }
  const single = modes.every((mode) => mode.startsWith('ReadWriteOnce'));
  if (!single || isHeldOnOneNode(from)) return undefined;
  return draftAt(from, path, 'one-node', { data });
}

/** How many pods there are at once, in words; undefined for one or what ends by itself. */
function podsOf({ kind, value }: ManifestObject): string | undefined {
  if (kind === 'DaemonSet') return 'a pod on each node';
  if (!replicated.includes(kind)) return undefined;
  const replicas = numberAt(value, 'spec', 'replicas') ?? 1;
  return replicas > 1 ? `${replicas} pods` : undefined;
}

/** A node by name, or pods that want each other on one host. */
function isHeldOnOneNode(object: ManifestObject): boolean {
  const spec = podTemplateOf(object)?.spec;
  return (
    stringAt(spec, 'nodeName') !== undefined ||
    stringAt(spec, 'nodeSelector', 'kubernetes.io/hostname') !== undefined ||
    partAt(
      spec,
      ...['affinity', 'podAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 0],
    ) !== undefined
  );
}

function example(replicas: number): string {
  return `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: uploads
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 10Gi
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: registry.example/web:1.4.2
      volumes:
        - name: uploads
          persistentVolumeClaim:
            claimName: uploads
`;
}
