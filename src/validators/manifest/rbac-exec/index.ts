import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';
import { draftsOfRights, type Right } from '../rbac.ts';

const rights: readonly Right[] = [
  {
    messageId: 'exec',
    apiGroup: '',
    resources: ['pods/exec', 'pods/attach'],
    verbs: ['create', 'get'],
  },
  {
    messageId: 'exec',
    apiGroup: '',
    resources: ['pods/ephemeralcontainers'],
    verbs: ['update', 'patch'],
  },
  {
    messageId: 'forward',
    apiGroup: '',
    resources: ['pods/portforward'],
    verbs: ['create', 'get'],
  },
];

/** No role runs commands in containers or reaches their ports past all policies. */
export const check: Check<ManifestSet> = {
  id: 'manifest/rbac-exec',
  title: 'No role gets into running containers',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A command in a container has its files, its Secrets and its token. A forwarded port is reached through the API server, past network policies.',
    messages: {
      exec: '{{kind}} {{name}} allows {{verbs}} of {{resources}}: commands in any container',
      forward: '{{kind}} {{name}} allows {{verbs}} of {{resources}}: any port of any pod',
    },
    remediation: 'Remove the rule; give people such rights for the time of an incident.',
    bad: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [""]
    resources: [pods/exec]
    verbs: [create]
`,
      findings: [{ messageId: 'exec', line: 7, column: 17 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [""]
    resources: [pods/log]
    verbs: [get]
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
    ],
  },
  run: ({ target }) => draftsOfRights(target, rights),
};
