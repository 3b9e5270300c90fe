import type { Check } from '../../../core/check.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';
import { stringAt } from '../read.ts';
import { follow, missingObject } from '../references/follow.ts';
import { classReferences } from './references.ts';

/**
 * The classes that objects name exist. They belong to the cluster and seldom to a release, so one that is
 * not in the set is not said to be unknown; a cluster that is looked up says for sure. A StorageClass is a
 * warning: claims bind to volumes of the same class name that somebody made, without the object.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/class-reference',
  title: 'Classes that objects name exist',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Pods of a PriorityClass or RuntimeClass that does not exist are refused, claims of such a StorageClass stay Pending, and nobody serves an Ingress or Gateway of such a class.',
    messages: { ...missingObject },
    remediation:
      'Name a class that the cluster has, or add it to the manifests; declare one that is made elsewhere under `manifests.external`.',
    bad: {
      language: 'yaml',
      beside: { emptyCluster: true },
      text: example('urgent'),
      findings: [{ messageId: 'missing-object', line: 6, column: 22 }],
    },
    good: {
      language: 'yaml',
      beside: { emptyCluster: true },
      text: example('system-cluster-critical'),
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/',
      'https://kubernetes.io/docs/concepts/storage/storage-classes/',
      'https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class',
      'https://kubernetes.io/docs/concepts/containers/runtime-class/',
    ],
  },
  run(context) {
    const volumes = objectsOf(context.target, 'v1', 'PersistentVolume');
    const ofVolumes = new Set(
      volumes.map(({ value }) => stringAt(value, 'spec', 'storageClassName')),
    );
    const wanted = classReferences(context.target).filter(
      ({ kind, name }) => kind !== 'StorageClass' || !ofVolumes.has(name),
    );
    return follow(context, wanted, { unknown: 'silent' }).missing.map((draft) =>
      draft.data?.kind === 'StorageClass' ? { ...draft, severity: 'warning' } : draft,
    );
  },
};

function example(name: string): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  priorityClassName: ${name}
  containers:
    - name: web
      image: registry.example/web:1.4.2
`;
}
