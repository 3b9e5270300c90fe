import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';
import { follow, missingObject } from '../references/follow.ts';
import { roleReferences } from './references.ts';

/** The Role or ClusterRole that a binding grants exists; those of Kubernetes itself are in every cluster. */
export const check: Check<ManifestSet> = {
  id: 'manifest/role-reference',
  title: 'Roles that bindings grant exist',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A binding to a role that does not exist grants nothing: whoever relies on it is refused at run time.',
    messages: { ...missingObject },
    remediation:
      'Add the role, or correct kind and name: a Role has to be in the namespace of the binding. Declare one that is made elsewhere under `manifests.external`. The roleRef of an existing binding cannot be changed.',
    bad: {
      language: 'yaml',
      beside: { emptyCluster: true },
      text: example('Role'),
      findings: [{ messageId: 'missing-object', line: 17, column: 9 }],
    },
    good: { language: 'yaml', text: example('ClusterRole'), findings: [] },
    references: [
      'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding',
    ],
  },
  run(context) {
    return follow(context, roleReferences(context.target)).missing;
  },
};

function example(kind: string): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get, list]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: reader
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ${kind}
  name: reader
subjects:
  - kind: ServiceAccount
    name: web
    namespace: shop
`;
}
