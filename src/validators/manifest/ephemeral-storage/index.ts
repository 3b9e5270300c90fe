import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { limitFinder, requestFinder } from '../resources.ts';
import { podTemplates } from '../workloads.ts';

/** Containers request and limit what they write to the disk of their node. */
export const check: Check<ManifestSet> = {
  id: 'manifest/ephemeral-storage',
  title: 'Containers request and limit ephemeral storage',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Logs, layers and emptyDir volumes share the disk of the node. One container that fills it has others evicted.',
    messages: { missing: 'container {{container}} has no {{missing}} for ephemeral storage' },
    remediation:
      'Set resources.requests.ephemeral-storage and resources.limits.ephemeral-storage, or defaults of both in a LimitRange.',
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
        requests:
          ephemeral-storage: 100Mi
`,
      findings: [{ messageId: 'missing', line: 9, column: 7 }],
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
        requests:
          ephemeral-storage: 100Mi
        limits:
          ephemeral-storage: 1Gi
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/storage/ephemeral-storage/'],
  },
  run({ target }) {
    const finders = [
      ['request', requestFinder(target)],
      ['limit', limitFinder(target)],
    ] as const;
    return podTemplates(target).flatMap((template) =>
      template.containers
        .filter((container) => container.longRunning)
        .flatMap((container) => {
          const missing = finders
            .filter(([, has]) => !has(template, container, 'ephemeral-storage'))
            .map(([name]) => name);
          if (missing.length === 0) return [];
          const data = { container: container.name, missing: missing.join(' and no ') };
          const path = [...container.path, 'resources'];
          return [draftAt(template.object, path, 'missing', { data, part: 'key' })];
        }),
    );
  },
};
