import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { stringAt } from '../read.ts';
import { containersText, settingOf } from '../security-context.ts';
import { isWindows, podTemplates } from '../workloads.ts';

/**
 * Every container has a seccomp profile; Unconfined is for manifest/seccomp-unconfined. CIS numbers are
 * those of the benchmark's versions 1.8 to 1.10.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/seccomp-profile',
  title: 'Containers have a seccomp profile',
  severity: 'warning',
  preset: 'recommended',
  cis: ['5.7.2'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Without a profile every system call is open, unless the kubelet was told otherwise: flaws of the kernel are reached through calls that no application needs.',
    messages: { unset: 'no seccomp profile is set for {{containers}}' },
    remediation: 'Set seccompProfile.type to RuntimeDefault in the securityContext of the pod.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsNonRoot: true
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'unset', line: 7, column: 5 }],
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
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
      'https://kubernetes.io/docs/tutorials/security/seccomp/',
    ],
  },
  run({ target }) {
    return podTemplates(target)
      .filter((template) => !isWindows(template))
      .flatMap((template) => {
        const open = template.containers.filter(
          (container) =>
            stringAt(settingOf(template, container, 'seccompProfile'), 'type') === undefined,
        );
        if (open.length === 0) return [];
        const path = [...template.specPath, 'securityContext', 'seccompProfile'];
        const data = { containers: containersText(open) };
        return [draftAt(template.object, path, 'unset', { data })];
      });
  },
};
