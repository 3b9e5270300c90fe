import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';
import { draftsOfRights, type Right } from '../rbac.ts';

const rights: readonly Right[] = [
  {
    messageId: 'create',
    apiGroup: '',
    resources: ['serviceaccounts/token'],
    verbs: ['create'],
  },
];

/**
 * No role asks for the token of any service account. CIS numbers are those of the benchmark's
 * versions 1.8 to 1.10.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/rbac-account-tokens',
  title: 'No role issues tokens of service accounts',
  severity: 'warning',
  preset: 'recommended',
  cis: ['5.1.13'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A token for a service account is all of its rights, and lives on when the role is gone.',
    messages: {
      create: '{{kind}} {{name}} allows {{verbs}} of {{resources}} for every service account',
    },
    remediation: 'Name the service accounts in resourceNames.',
    bad: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [""]
    resources: [serviceaccounts/token]
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
    resources: [serviceaccounts/token]
    resourceNames: [robot]
    verbs: [create]
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request'],
  },
  run: ({ target }) => draftsOfRights(target, rights),
};
