import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { contextOf } from '../security-context.ts';
import { isWindows, podTemplates } from '../workloads.ts';

/** Containers give up privilege escalation. Allowing it is an error, leaving it open a warning. */
export const check: Check<ManifestSet> = {
  id: 'manifest/privilege-escalation',
  title: 'Containers cannot gain privileges',
  severity: 'error',
  cis: ['5.2.6'],
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Unless it is forbidden, a process can gain more privileges than its parent through any setuid program in the image.',
    messages: {
      allowed: 'container {{container}} allows privilege escalation',
      unset: 'container {{container}} does not forbid privilege escalation, which is then allowed',
    },
    remediation: 'Set securityContext.allowPrivilegeEscalation to false.',
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
        allowPrivilegeEscalation: true
    - name: proxy
      image: registry.example/proxy:2.0.1
`,
      findings: [
        { messageId: 'allowed', line: 10, column: 35 },
        { messageId: 'unset', line: 11, column: 7 },
      ],
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
        allowPrivilegeEscalation: false
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted'],
  },
  run({ target }) {
    return podTemplates(target)
      .filter((template) => !isWindows(template))
      .flatMap(({ object, containers }) =>
        containers.flatMap(({ name, value, path }) => {
          const field = ['securityContext', 'allowPrivilegeEscalation'];
          const allowed = contextOf(value).allowPrivilegeEscalation;
          if (allowed === false) return [];
          const data = { container: name };
          return allowed === true
            ? [draftAt(object, [...path, ...field], 'allowed', { data })]
            : [draftAt(object, [...path, ...field], 'unset', { data, severity: 'warning' })];
        }),
      );
  },
};
