import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { follow, missingObject } from '../references/follow.ts';
import { objectsNamed } from '../references/in-set.ts';
import { presenceOf } from '../references/presence.ts';
import type { Reference } from '../references/reference.ts';
import { subjectReferences } from './references.ts';

/**
 * The ServiceAccounts that bindings name exist. One that is not in the set is not said to be unknown:
 * bindings often grant to accounts of other releases. One that the set has in another namespace only is.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/binding-subject',
  title: 'Service accounts that bindings name exist',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A binding to an account that does not exist grants nothing, and whoever makes the account later gets the rights.',
    messages: {
      ...missingObject,
      'other-namespace':
        'ServiceAccount {{name}} is meant in namespace {{namespace}}, and the manifests have it in {{where}}',
    },
    remediation:
      'Correct name and namespace of the subject. The namespace is that of the account, not of the binding.',
    bad: {
      language: 'yaml',
      text: example('default'),
      findings: [{ messageId: 'other-namespace', line: 18, column: 16 }],
    },
    good: { language: 'yaml', text: example('shop'), findings: [] },
    references: [
      'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects',
    ],
  },
  run(context) {
    const all = subjectReferences(context.target);
    const elsewhere = all.flatMap((reference) => otherNamespace(reference, context.target));
    return [...follow(context, all, { unknown: 'silent' }).missing, ...elsewhere];
  },
};

/** A warning: an account of that name may be in the other namespace, too. */
function otherNamespace(reference: Reference, target: ManifestSet): Draft[] {
  const { from, path, name, namespace } = reference;
  if (namespace === null || presenceOf(target, reference).state !== 'unknown') return [];
  const [account] = objectsNamed(target, { ...reference, namespace: null });
  if (!account) return [];
  const data = { name, namespace, where: account.namespace ?? 'none' };
  const at = [...path.slice(0, -1), 'namespace'];
  return [draftAt(from, at, 'other-namespace', { data, severity: 'warning' })];
}

function example(namespace: string): string {
  return `apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  namespace: shop
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: web-reader
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
subjects:
  - kind: ServiceAccount
    name: web
    namespace: ${namespace}
`;
}
