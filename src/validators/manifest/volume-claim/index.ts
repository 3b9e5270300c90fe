import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';
import { follow, missingObject } from '../references/follow.ts';
import { claimReferences } from './references.ts';

/**
 * The PersistentVolumeClaims that pods mount exist. Those that a StatefulSet of the set makes of its
 * templates do.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/volume-claim',
  title: 'Volume claims of pods exist',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The scheduler places no pod whose PersistentVolumeClaim does not exist: it stays Pending.',
    messages: { ...missingObject },
    remediation:
      'Add the PersistentVolumeClaim to the manifests or correct the name; declare one that is made elsewhere under `manifests.external`.',
    bad: {
      language: 'yaml',
      beside: { emptyCluster: true },
      text: `apiVersion: v1
kind: Pod
metadata:
  name: store
spec:
  containers:
    - name: store
      image: registry.example/store:2.0.1
  volumes:
    - name: data
      persistentVolumeClaim:
        claimName: data
`,
      findings: [{ messageId: 'missing-object', line: 12, column: 20 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1Gi
---
apiVersion: v1
kind: Pod
metadata:
  name: store
spec:
  containers:
    - name: store
      image: registry.example/store:2.0.1
  volumes:
    - name: data
      persistentVolumeClaim:
        claimName: data
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes',
    ],
  },
  run(context) {
    return follow(context, claimReferences(context.target)).missing;
  },
};
