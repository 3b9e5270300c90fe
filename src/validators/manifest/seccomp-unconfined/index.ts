import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { stringAt } from '../read.ts';
import { contextsWith } from '../security-context.ts';
import { podTemplates } from '../workloads.ts';

const allowed = new Set(['RuntimeDefault', 'Localhost']);

/** Seccomp is not switched off. CIS numbers are those of the benchmark's versions 1.8 to 1.10. */
export const check: Check<ManifestSet> = {
  id: 'manifest/seccomp-unconfined',
  title: 'Seccomp is not switched off',
  severity: 'error',
  cis: ['5.7.2'],
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Seccomp closes system calls that applications do not need and that flaws of the kernel are reached through. Unconfined opens all of them.',
    messages: { unconfined: '{{subject}} sets the seccomp profile {{profile}}' },
    remediation:
      'Set seccompProfile.type to RuntimeDefault; for calls that it closes write a profile and name it with Localhost.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    seccompProfile:
      type: Unconfined
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'unconfined', line: 8, column: 13 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
      'https://kubernetes.io/docs/tutorials/security/seccomp/',
    ],
  },
  run({ target }) {
    return podTemplates(target).flatMap((template) =>
      contextsWith(template, 'seccompProfile').flatMap(({ subject, fields, path }) => {
        const profile = stringAt(fields, 'seccompProfile', 'type');
        if (profile === undefined || allowed.has(profile)) return [];
        const at = [...path, 'seccompProfile', 'type'];
        return [draftAt(template.object, at, 'unconfined', { data: { subject, profile } })];
      }),
    );
  },
};
