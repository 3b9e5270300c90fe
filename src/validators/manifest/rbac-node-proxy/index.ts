import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';
import { draftsOfRights, type Right } from '../rbac.ts';

const rights: readonly Right[] = [
  {
    messageId: 'proxy',
    apiGroup: '',
    resources: ['nodes/proxy'],
    verbs: ['get', 'create', 'update', 'patch', 'delete'],
    evenIfNamed: true,
  },
];

/**
 * No role uses the proxy of nodes. CIS numbers are those of the benchmark's
 * versions 1.8 to 1.10.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/rbac-node-proxy',
  title: 'No role goes through to kubelets',
  severity: 'warning',
  preset: 'recommended',
  cis: ['5.1.10'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The API of a kubelet runs commands in every pod of its node, past audit and admission. For that even get is enough, because a command is asked for by a websocket.',
    messages: {
      proxy:
        '{{kind}} {{name}} allows {{verbs}} of {{resources}}: commands in every pod of every node',
    },
    remediation:
      'Remove nodes/proxy. Figures are read with nodes/metrics, and the summary with nodes/stats.',
    bad: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [""]
    resources: [nodes/proxy]
    verbs: [get]
`,
      findings: [{ messageId: 'proxy', line: 7, column: 17 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [""]
    resources: [nodes/metrics]
    verbs: [get]
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes',
    ],
  },
  run: ({ target }) => draftsOfRights(target, rights),
};
