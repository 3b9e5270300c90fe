import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { contextOf } from '../security-context.ts';
import { usersAreOwn } from '../user-namespace.ts';
import { podTemplates } from '../workloads.ts';

/**
 * /proc is masked in pods with users of their own, too, which the baseline lets be from Kubernetes 1.35 on.
 * All others are for manifest/proc-mount.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/proc-mount-restricted',
  title: 'Pods with users of their own see /proc with its masks',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Users that are others on the node make an unmasked /proc harmless enough for the baseline. The restricted level still forbids it: only containers that start containers need it.',
    messages: { unmasked: 'container {{container}} has /proc {{value}}' },
    remediation: 'Remove procMount, unless the container starts containers itself.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: builder
spec:
  hostUsers: false
  containers:
    - name: builder
      image: registry.example/builder:1.4.2
      securityContext:
        procMount: Unmasked
`,
      findings: [{ messageId: 'unmasked', line: 11, column: 20 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: builder
spec:
  hostUsers: false
  containers:
    - name: builder
      image: registry.example/builder:1.4.2
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted'],
  },
  async run({ target }) {
    const isExcused = await usersAreOwn(target);
    return podTemplates(target)
      .filter(isExcused)
      .flatMap(({ object, containers }) =>
        containers.flatMap(({ name, value, path }) => {
          const mount = contextOf(value).procMount;
          if (typeof mount !== 'string' || mount === 'Default') return [];
          const at = [...path, 'securityContext', 'procMount'];
          return [draftAt(object, at, 'unmasked', { data: { container: name, value: mount } })];
        }),
      );
  },
};
