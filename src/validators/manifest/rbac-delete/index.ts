import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { draftsOfRights, type Right, rolesOf } from '../rbac.ts';
import { listAt } from '../read.ts';

/** What takes data or other objects along when it goes. */
const rights: readonly Right[] = [
  {
    messageId: 'data',
    apiGroup: '',
    resources: ['namespaces', 'persistentvolumeclaims', 'persistentvolumes'],
    verbs: ['delete'],
  },
  {
    messageId: 'data',
    apiGroup: 'apiextensions.k8s.io',
    resources: ['customresourcedefinitions'],
    verbs: ['delete'],
  },
];

/** No role removes in one request what nobody brings back. */
export const check: Check<ManifestSet> = {
  id: 'manifest/rbac-delete',
  title: 'No role deletes collections, or what holds data',
  severity: 'warning',
  preset: 'strict',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A namespace goes with all that is in it, a definition with all of its resources, a claim with its data: applying the manifests again does not bring them back.',
    messages: {
      collection:
        '{{kind}} {{name}} allows deletecollection: one request removes all {{resources}}',
      data: '{{kind}} {{name}} allows {{verbs}} of {{resources}}',
    },
    remediation: 'Remove the verb, or name the objects in resourceNames and allow delete.',
    bad: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [""]
    resources: [pods, persistentvolumeclaims]
    verbs: [delete, deletecollection]
`,
      findings: [
        { messageId: 'data', line: 7, column: 23 },
        { messageId: 'collection', line: 8, column: 21 },
      ],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [delete]
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
      'https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb',
    ],
  },
  run({ target }) {
    return [...draftsOfRights(target, rights), ...rolesOf(target).flatMap(collectionsOf)];
  },
};

function collectionsOf(role: ManifestObject) {
  return listAt(role.value, 'rules').flatMap((rule, index) => {
    const at = listAt(rule, 'verbs').indexOf('deletecollection');
    const resources = listAt(rule, 'resources').join(', ');
    // A collection has no name, so a rule for named objects never allows it.
    if (at < 0 || resources === '' || listAt(rule, 'resourceNames').length > 0) return [];
    const data = { kind: role.kind, name: role.name, resources };
    return [draftAt(role, ['rules', index, 'verbs', at], 'collection', { data })];
  });
}
