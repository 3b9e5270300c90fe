import type { Check } from '../../../core/check.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { draftsOfRights, type Right, rolesOf } from '../rbac.ts';
import { listAt } from '../read.ts';

const rights: readonly Right[] = [
  {
    messageId: 'approve',
    apiGroup: 'certificates.k8s.io',
    resources: ['certificatesigningrequests/approval'],
    verbs: ['update', 'patch'],
  },
  {
    messageId: 'approve',
    apiGroup: 'certificates.k8s.io',
    resources: ['signers'],
    verbs: ['approve', 'sign'],
  },
];

/**
 * No role approves or signs certificate signing requests. CIS numbers are those of the benchmark's
 * versions 1.8 to 1.10.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/rbac-certificates',
  title: 'No role approves certificates',
  severity: 'warning',
  preset: 'recommended',
  cis: ['5.1.11'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The cluster takes a certificate for whoever its subject says: an approved request can make its author a node or an administrator.',
    messages: {
      approve: '{{kind}} {{name}} allows {{verbs}} of {{resources}}',
    },
    remediation:
      'Name the signers in resourceNames. The verb approve has no effect without update of the approval, so remove both together.',
    bad: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [certificates.k8s.io]
    resources: [certificatesigningrequests/approval]
    verbs: [update]
`,
      findings: [{ messageId: 'approve', line: 7, column: 17 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [certificates.k8s.io]
    resources: [signers]
    resourceNames: [shop.example/internal]
    verbs: [sign]
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#csrs-and-certificate-issuing',
    ],
  },
  run({ target }) {
    const limited = new Set(
      rolesOf(target)
        .filter(namesSigners)
        .map(({ ref }) => ref),
    );
    return draftsOfRights(target, rights).filter(({ object }) => !(object && limited.has(object)));
  },
};

/** Approval takes the verb approve on the signer besides: a role that names signers approves for those alone. */
function namesSigners({ value }: ManifestObject): boolean {
  const signers = listAt(value, 'rules').filter((rule) =>
    listAt(rule, 'resources').includes('signers'),
  );
  return signers.length > 0 && signers.every((rule) => listAt(rule, 'resourceNames').length > 0);
}
