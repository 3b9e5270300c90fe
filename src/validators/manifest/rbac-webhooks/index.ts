import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';
import { draftsOfRights, type Right } from '../rbac.ts';

const rights: readonly Right[] = [
  {
    messageId: 'change',
    apiGroup: 'admissionregistration.k8s.io',
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
  },
];

/**
 * No role changes what is asked before objects are stored. CIS numbers are those of the benchmark's
 * versions 1.8 to 1.10.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/rbac-webhooks',
  title: 'No role changes admission webhooks',
  severity: 'warning',
  preset: 'recommended',
  cis: ['5.1.12'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A webhook sees every object that is written, Secrets included, and a mutating one changes them. Removing one switches off what it enforced.',
    messages: {
      change: '{{kind}} {{name}} allows {{verbs}} of {{resources}}',
    },
    remediation:
      'Name the configurations in resourceNames; create has to go, since it cannot be bound to names.',
    bad: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [admissionregistration.k8s.io]
    resources: [mutatingwebhookconfigurations]
    verbs: [get, patch]
`,
      findings: [{ messageId: 'change', line: 7, column: 17 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [admissionregistration.k8s.io]
    resources: [mutatingwebhookconfigurations]
    resourceNames: [shop]
    verbs: [patch]
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks',
    ],
  },
  run: ({ target }) => draftsOfRights(target, rights),
};
