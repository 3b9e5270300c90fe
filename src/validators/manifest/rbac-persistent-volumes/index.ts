import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';
import { draftsOfRights, type Right } from '../rbac.ts';

const rights: readonly Right[] = [
  {
    messageId: 'create',
    apiGroup: '',
    resources: ['persistentvolumes'],
    verbs: ['create'],
  },
];

/**
 * No role creates persistent volumes. CIS numbers are those of the benchmark's
 * versions 1.8 to 1.10.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/rbac-persistent-volumes',
  title: 'No role creates persistent volumes',
  severity: 'warning',
  preset: 'recommended',
  cis: ['5.1.9'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A volume may be a folder of a node: whoever makes volumes reads and changes what lies there, past what pods may mount.',
    messages: {
      create: '{{kind}} {{name}} allows {{verbs}} of {{resources}}',
    },
    remediation: 'Ask for storage with claims, and leave volumes to the provisioner.',
    bad: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [""]
    resources: [persistentvolumes]
    verbs: [create]
`,
      findings: [{ messageId: 'create', line: 7, column: 17 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [""]
    resources: [persistentvolumeclaims]
    verbs: [create]
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#persistent-volume-creation',
    ],
  },
  run: ({ target }) => draftsOfRights(target, rights),
};
