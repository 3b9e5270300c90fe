import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { isRecord, listAt, stringAt } from '../read.ts';
import { podTemplates } from '../workloads.ts';

/** What the restricted level takes; hostPath is for manifest/host-path. */
const known = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
  'hostPath',
]);

/** Pods mount storage by claims, not by the names of servers and disks. */
export const check: Check<ManifestSet> = {
  id: 'manifest/volume-types',
  title: 'Pods use volumes of the restricted level',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A volume that names its server or disk lets whoever writes the pod choose what is mounted, past the claims that somebody granted. Most of these types are gone from new versions of Kubernetes, too.',
    messages: { type: 'volume {{volume}} is of the type {{type}}' },
    remediation: 'Make a PersistentVolume of it and mount a claim, or use a CSI driver.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
  volumes:
    - name: uploads
      nfs:
        server: nfs.example
        path: /uploads
`,
      findings: [{ messageId: 'type', line: 11, column: 7 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
  volumes:
    - name: uploads
      persistentVolumeClaim:
        claimName: uploads
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted'],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, spec, specPath }) =>
      listAt(spec, 'volumes').flatMap((volume, index) => {
        if (!isRecord(volume)) return [];
        const types = Object.keys(volume).filter((type) => isRecord(volume[type]));
        const [type] = types;
        if (type === undefined || types.some((one) => known.has(one))) return [];
        const data = { volume: stringAt(volume, 'name') ?? '', type };
        const path = [...specPath, 'volumes', index, type];
        return [draftAt(object, path, 'type', { data, part: 'key' })];
      }),
    );
  },
};
