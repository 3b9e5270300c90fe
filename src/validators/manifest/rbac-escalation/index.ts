import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { rolesOf } from '../rbac.ts';
import { listAt } from '../read.ts';

const rbacGroup = 'rbac.authorization.k8s.io';
const roles = ['roles', 'clusterroles'];

/** Verbs that lead to rights nobody wrote down, by the groups and resources they work on. */
const verbs = {
  escalate: { groups: [rbacGroup], resources: roles },
  bind: { groups: [rbacGroup], resources: roles },
  impersonate: {
    groups: ['', 'authentication.k8s.io'],
    resources: ['users', 'groups', 'serviceaccounts', 'uids'],
  },
} as const;
type Verb = keyof typeof verbs;

/** Names under which a bound or impersonated one is as good as all. */
const mighty = new Set(['cluster-admin', 'admin', 'system:masters', 'system:admin']);

/**
 * No role lets its holder gain rights it was not given. A wildcard among the verbs is for
 * manifest/rbac-wildcard. CIS numbers are those of the benchmark's versions 1.8 to 1.10.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/rbac-escalation',
  title: 'No role leads to rights beyond its own',
  severity: 'error',
  cis: ['5.1.8'],
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Whoever may escalate or bind roles, or impersonate others, is an administrator in all but name.',
    messages: {
      escalate:
        '{{kind}} {{name}} lets its holder write rights into roles that it does not have itself',
      bind: '{{kind}} {{name}} lets its holder bind any role, cluster-admin included',
      impersonate: '{{kind}} {{name}} lets its holder act as others: {{resources}}',
    },
    remediation:
      'Remove the verb. Where a controller has to bind or impersonate, name the roles or users in resourceNames.',
    bad: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: operator
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterroles]
    verbs: [get, bind, escalate]
`,
      findings: [
        { messageId: 'escalate', line: 8, column: 24 },
        { messageId: 'bind', line: 8, column: 18 },
      ],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: operator
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterroles]
    resourceNames: [shop-reader]
    verbs: [bind]
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
      'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping',
    ],
  },
  run({ target }) {
    return rolesOf(target).flatMap((role) =>
      listAt(role.value, 'rules').flatMap((rule, index) =>
        (Object.keys(verbs) as Verb[]).flatMap((verb) => draftOf(role, rule, index, verb)),
      ),
    );
  },
};

function draftOf(role: ManifestObject, rule: unknown, index: number, verb: Verb): Draft[] {
  const at = listAt(rule, 'verbs').indexOf(verb);
  if (at < 0) return [];
  const { groups, resources } = verbs[verb];
  const isIn = (wanted: readonly string[], field: string) => {
    const given = listAt(rule, field);
    return wanted.filter((entry) => given.includes(entry) || given.includes('*'));
  };
  const found = isIn(resources, 'resources');
  if (found.length === 0 || isIn(groups, 'apiGroups').length === 0) return [];
  const names = listAt(rule, 'resourceNames');
  // Rights written into one named role are as many as those written into any.
  const isBound = verb !== 'escalate' && names.length > 0;
  if (isBound && !names.some((name) => mighty.has(String(name)))) return [];
  const data = {
    kind: role.kind,
    name: role.name,
    ...(verb === 'impersonate' && { resources: found.join(', ') }),
  };
  return [draftAt(role, ['rules', index, 'verbs', at], verb, { data })];
}
