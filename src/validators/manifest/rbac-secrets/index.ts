import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';
import { draftsOfRights, type Right } from '../rbac.ts';

const rights: readonly Right[] = [
  {
    messageId: 'read',
    apiGroup: '',
    resources: ['secrets'],
    verbs: ['get', 'list', 'watch'],
  },
];

/**
 * No role reads Secrets it does not name. CIS numbers are those of the benchmark's
 * versions 1.8 to 1.10.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/rbac-secrets',
  title: 'No role reads all Secrets',
  severity: 'warning',
  preset: 'recommended',
  cis: ['5.1.2'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Whoever may list Secrets has their values: those of other applications, and the tokens of service accounts that may do more.',
    messages: {
      read: '{{kind}} {{name}} allows {{verbs}} of all {{resources}}',
    },
    remediation:
      'Remove the rule and mount what is needed; or name the Secrets in resourceNames and allow get alone.',
    bad: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [""]
    resources: [secrets]
    verbs: [get, list]
`,
      findings: [{ messageId: 'read', line: 7, column: 17 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [""]
    resources: [secrets]
    resourceNames: [shop-db]
    verbs: [get]
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets',
    ],
  },
  run: ({ target }) => draftsOfRights(target, rights),
};
