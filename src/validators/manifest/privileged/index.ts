import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { contextOf } from '../security-context.ts';
import { podTemplates } from '../workloads.ts';

/** No container is privileged. */
export const check: Check<ManifestSet> = {
  id: 'manifest/privileged',
  title: 'No privileged containers',
  severity: 'error',
  cis: ['5.2.2'],
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A privileged container has all devices and capabilities of its node: whoever takes over the container has the node.',
    messages: { privileged: 'container {{container}} is privileged' },
    remediation:
      'Remove `privileged: true`, and add the one capability or device that is really needed.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      securityContext:
        privileged: true
`,
      findings: [{ messageId: 'privileged', line: 10, column: 21 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      securityContext:
        privileged: false
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, containers }) =>
      containers
        .filter(({ value }) => contextOf(value).privileged === true)
        .map((container) =>
          draftAt(object, [...container.path, 'securityContext', 'privileged'], 'privileged', {
            data: { container: container.name },
          }),
        ),
    );
  },
};
