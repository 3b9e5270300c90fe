import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { partAt } from '../read.ts';
import { contextsWith } from '../security-context.ts';
import { podTemplates } from '../workloads.ts';

/** No Windows container is a process of its node. CIS numbers are those of versions 1.8 to 1.10. */
export const check: Check<ManifestSet> = {
  id: 'manifest/windows-host-process',
  title: 'No Windows containers that are processes of their node',
  severity: 'error',
  cis: ['5.2.11'],
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A HostProcess container has no walls: it runs on the node with its network, its files and its users.',
    messages: { 'host-process': '{{subject}} is a process of its node: hostProcess is true' },
    remediation: 'Remove windowsOptions.hostProcess.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  os:
    name: windows
  hostNetwork: true
  securityContext:
    windowsOptions:
      hostProcess: true
      runAsUserName: NT AUTHORITY\\SYSTEM
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'host-process', line: 11, column: 20 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  os:
    name: windows
  securityContext:
    windowsOptions:
      runAsUserName: ContainerUser
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
      'https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/',
    ],
  },
  run({ target }) {
    return podTemplates(target).flatMap((template) =>
      contextsWith(template, 'windowsOptions').flatMap(({ subject, fields, path }) =>
        partAt(fields, 'windowsOptions', 'hostProcess') === true
          ? [
              draftAt(template.object, [...path, 'windowsOptions', 'hostProcess'], 'host-process', {
                data: { subject },
              }),
            ]
          : [],
      ),
    );
  },
};
