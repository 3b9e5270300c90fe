import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { limitFinder } from '../resources.ts';
import { podTemplates } from '../workloads.ts';

/** Containers have a memory limit: their own, that of their pod, or the default of a LimitRange. */
export const check: Check<ManifestSet> = {
  id: 'manifest/memory-limit',
  title: 'Containers have a memory limit',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A container that leaks takes the memory of its node; the kernel then ends processes of other pods, which did nothing wrong.',
    messages: { missing: 'container {{container}} has no memory limit' },
    remediation:
      'Set resources.limits.memory to what the container was measured to need at most, with room to spare.',
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
      resources:
        limits:
          cpu: "1"
`,
      findings: [{ messageId: 'missing', line: 10, column: 9 }],
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
      resources:
        limits:
          memory: 256Mi
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-limits-are-run',
    ],
  },
  run({ target }) {
    const isLimited = limitFinder(target);
    return podTemplates(target).flatMap((template) =>
      template.containers
        .filter((container) => container.longRunning && !isLimited(template, container, 'memory'))
        .map((container) =>
          draftAt(template.object, [...container.path, 'resources', 'limits'], 'missing', {
            data: { container: container.name },
            part: 'key',
          }),
        ),
    );
  },
};
