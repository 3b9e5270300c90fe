import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { bindingsOf, type Subject } from '../rbac.ts';

type Circle = 'masters' | 'anyone' | 'everybody';

/** Users and groups that are no team, as `Kind/name`. */
const circles: Readonly<Record<string, Circle>> = {
  'Group/system:masters': 'masters',
  'User/system:anonymous': 'anyone',
  'Group/system:unauthenticated': 'anyone',
  'Group/system:authenticated': 'everybody',
  'Group/system:serviceaccounts': 'everybody',
};

/** What Kubernetes itself gives them, or documents for it: which versions and APIs there are, who one is. */
const publicRoles = new Set([
  'system:basic-user',
  'system:discovery',
  'system:public-info-viewer',
  'system:service-account-issuer-discovery',
]);

/** No role is given to everybody. CIS numbers are those of the benchmark's versions 1.8 to 1.10. */
export const check: Check<ManifestSet> = {
  id: 'manifest/rbac-system-subjects',
  title: 'No role is given to everybody',
  severity: 'error',
  cis: ['5.1.7'],
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Anonymous requests come from whoever reaches the API server; every pod and user is authenticated; and the rights of system:masters cannot be taken away again.',
    messages: {
      masters: '{{kind}} {{name}} counts on {{subject}}, which is above all roles',
      anyone: '{{kind}} {{name}} gives {{role}} to {{subject}}: whoever reaches the API server',
      everybody: '{{kind}} {{name}} gives {{role}} to {{subject}}: every pod, of every namespace',
    },
    remediation: 'Bind the role to the service account, user or group that needs it.',
    bad: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: metrics
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: metrics
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: User
    name: system:anonymous
`,
      findings: [{ messageId: 'anyone', line: 12, column: 11 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: metrics
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: metrics
subjects:
  - kind: ServiceAccount
    name: collector
    namespace: monitoring
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
      'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings',
    ],
  },
  run({ target }) {
    return bindingsOf(target).flatMap(({ object, roleKind, roleName, subjects }) => {
      if (roleKind === 'ClusterRole' && publicRoles.has(roleName)) return [];
      return subjects.flatMap((subject) => {
        const circle = circleOf(subject);
        if (!circle) return [];
        const data = {
          kind: object.kind,
          name: object.name,
          subject: subject.name,
          ...(circle !== 'masters' && { role: `${roleKind} ${roleName}` }),
        };
        const path = [...subject.path, 'name'];
        return circle === 'everybody'
          ? [draftAt(object, path, circle, { data, severity: 'warning' })]
          : [draftAt(object, path, circle, { data })];
      });
    });
  },
};

function circleOf({ kind, name }: Subject): Circle | undefined {
  const key = `${kind}/${name}`;
  return Object.hasOwn(circles, key) ? circles[key] : undefined;
}
