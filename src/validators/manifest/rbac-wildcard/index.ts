import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { rolesOf } from '../rbac.ts';
import { listAt } from '../read.ts';

const fields = ['apiGroups', 'resources', 'nonResourceURLs', 'verbs'] as const;

/** Roles name what they allow. CIS numbers are those of the benchmark's versions 1.8 to 1.10. */
export const check: Check<ManifestSet> = {
  id: 'manifest/rbac-wildcard',
  title: 'Roles use no wildcards',
  severity: 'error',
  cis: ['5.1.3'],
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A wildcard also grants what is added later: new verbs, new resources, the Secrets of every application.',
    messages: { wildcard: '{{kind}} {{name}} allows every one of its {{field}}: {{value}}' },
    remediation: 'List the verbs and resources that are used.',
    bad: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: web
rules:
  - apiGroups: [""]
    resources: ["configmaps"]
    verbs: ["get", "*"]
`,
      findings: [{ messageId: 'wildcard', line: 8, column: 20 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: web
rules:
  - apiGroups: [""]
    resources: ["configmaps"]
    verbs: ["get", "watch"]
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
    ],
  },
  run({ target }) {
    return rolesOf(target).flatMap((role) =>
      listAt(role.value, 'rules').flatMap((rule, index) =>
        fields.flatMap((field) =>
          listAt(rule, field).flatMap((value, place) => {
            if (typeof value !== 'string' || !isWildcard(value)) return [];
            const data = { kind: role.kind, name: role.name, field, value };
            return [draftAt(role, ['rules', index, field, place], 'wildcard', { data })];
          }),
        ),
      ),
    );
  },
};

/** `*` stands for all, and `*` before a slash for one subresource of all resources. */
function isWildcard(value: string): boolean {
  return value === '*' || value.startsWith('*/');
}
