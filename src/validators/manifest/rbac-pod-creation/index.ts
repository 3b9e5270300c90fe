import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';
import { draftsOfRights, type Right } from '../rbac.ts';

const rights: readonly Right[] = [
  {
    messageId: 'create',
    apiGroup: '',
    resources: ['pods', 'replicationcontrollers'],
    verbs: ['create'],
  },
  {
    messageId: 'create',
    apiGroup: 'apps',
    resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'],
    verbs: ['create', 'update', 'patch'],
  },
  {
    messageId: 'create',
    apiGroup: 'batch',
    resources: ['jobs', 'cronjobs'],
    verbs: ['create', 'update', 'patch'],
  },
];

/**
 * No role creates pods, or what creates them. CIS numbers are those of the benchmark's
 * versions 1.8 to 1.10.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/rbac-pod-creation',
  title: 'No role starts pods at will',
  severity: 'warning',
  preset: 'recommended',
  cis: ['5.1.4'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Whoever starts a pod chooses what it mounts and whom it runs as: every Secret and every service account of the namespace, and without Pod Security the node.',
    messages: {
      create: '{{kind}} {{name}} allows {{verbs}} of {{resources}}, and so any pod',
    },
    remediation:
      'Leave deploying to the one service account that deploys. A controller that has to do it gets a namespace of its own, with a level of the Pod Security Standards.',
    bad: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [apps]
    resources: [deployments, statefulsets]
    verbs: [get, create, patch]
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
  - apiGroups: [apps]
    resources: [deployments/scale]
    verbs: [patch]
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation',
    ],
  },
  run: ({ target }) => draftsOfRights(target, rights),
};
