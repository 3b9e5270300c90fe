import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { bindingsOf } from '../rbac.ts';

/** Nobody is given cluster-admin. CIS numbers are those of the benchmark's versions 1.8 to 1.10. */
export const check: Check<ManifestSet> = {
  id: 'manifest/rbac-cluster-admin',
  title: 'Nobody is bound to cluster-admin',
  severity: 'error',
  cis: ['5.1.1'],
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'cluster-admin may do everything to everything. A flaw in whatever is bound to it is the whole cluster, or with a RoleBinding the whole namespace.',
    messages: {
      cluster: '{{kind}} {{name}} makes its subjects administrators of the cluster',
      namespace:
        '{{kind}} {{name}} makes its subjects administrators of their namespace, quota and roles included',
    },
    remediation: 'Write a role with the verbs and resources that are used, and bind that.',
    bad: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: deployer
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin
subjects:
  - kind: ServiceAccount
    name: deployer
    namespace: shop
`,
      findings: [{ messageId: 'cluster', line: 8, column: 9 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: deployer
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: deployer
subjects:
  - kind: ServiceAccount
    name: deployer
    namespace: shop
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
      'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles',
    ],
  },
  run({ target }) {
    return bindingsOf(target).flatMap(({ object, roleKind, roleName, subjects }) => {
      const isBound = roleKind === 'ClusterRole' && roleName === 'cluster-admin';
      if (!isBound || subjects.length === 0) return [];
      const data = { kind: object.kind, name: object.name };
      const path = ['roleRef', 'name'];
      return object.kind === 'ClusterRoleBinding'
        ? [draftAt(object, path, 'cluster', { data })]
        : [draftAt(object, path, 'namespace', { data, severity: 'warning' })];
    });
  },
};
