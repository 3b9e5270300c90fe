import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { listAt } from '../read.ts';
import { podTemplates } from '../workloads.ts';

/** Names of hosts come from DNS. */
export const check: Check<ManifestSet> = {
  id: 'manifest/host-aliases',
  title: 'Pods write no host names of their own',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'An entry in /etc/hosts sends a name where nobody looks for it, stays when the address is somebody else’s, and can lead traffic astray.',
    messages: { aliases: '{{kind}} {{name}} writes host names into /etc/hosts: hostAliases' },
    remediation:
      'Remove hostAliases; name the host in DNS, or by a Service of the type ExternalName.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostAliases:
    - ip: 192.0.2.7
      hostnames: [payments.example]
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'aliases', line: 7, column: 5 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Service
metadata:
  name: payments
spec:
  type: ExternalName
  externalName: payments.example
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/'],
  },
  run({ target }) {
    return podTemplates(target)
      .filter(({ spec }) => listAt(spec, 'hostAliases').length > 0)
      .map(({ object, specPath }) =>
        draftAt(object, [...specPath, 'hostAliases'], 'aliases', {
          data: { kind: object.kind, name: object.name },
        }),
      );
  },
};
