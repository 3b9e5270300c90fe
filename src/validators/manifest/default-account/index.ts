import type { Check } from '../../../core/check.ts';
import { accountOf } from '../accounts.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { bindingsOf } from '../rbac.ts';
import { podTemplates } from '../workloads.ts';

/** The service account `default` is used for nothing. CIS numbers are those of versions 1.8 to 1.10. */
export const check: Check<ManifestSet> = {
  id: 'manifest/default-account',
  title: 'The default service account has no rights',
  severity: 'warning',
  preset: 'recommended',
  cis: ['5.1.5'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Every pod of the namespace that names no service account runs as default: what one of them is given, all of them have, those to come included.',
    messages: {
      bound: '{{kind}} {{name}} gives {{role}} to the service account default',
      token: '{{kind}} {{name}} asks for the token of the service account default',
    },
    remediation:
      'Make a ServiceAccount for the workload, name it in serviceAccountName, and bind the role to it.',
    bad: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: shop
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: shop
subjects:
  - kind: ServiceAccount
    name: default
`,
      findings: [{ messageId: 'bound', line: 11, column: 11 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: shop
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: shop
subjects:
  - kind: ServiceAccount
    name: shop
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts',
    ],
  },
  run({ target }) {
    const bound = bindingsOf(target).flatMap(({ object, roleKind, roleName, subjects }) =>
      subjects
        .filter(({ kind, name }) => kind === 'ServiceAccount' && name === 'default')
        .map(({ path }) => {
          const data = { kind: object.kind, name: object.name, role: `${roleKind} ${roleName}` };
          return draftAt(object, [...path, 'name'], 'bound', { data });
        }),
    );
    const asking = podTemplates(target).filter(
      (template) =>
        template.spec.automountServiceAccountToken === true && accountOf(template) === 'default',
    );
    const tokens = asking.map(({ object, specPath }) =>
      draftAt(object, [...specPath, 'automountServiceAccountToken'], 'token', {
        data: { kind: object.kind, name: object.name },
      }),
    );
    return [...bound, ...tokens];
  },
};
