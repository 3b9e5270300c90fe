import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { requestFinder } from '../resources.ts';
import { podTemplates } from '../workloads.ts';

const resources = ['cpu', 'memory'] as const;

/**
 * Long-running containers request CPU and memory. A limit counts, since the request defaults to it,
 * and so do the resources of the pod as a whole and the defaults of a LimitRange in the set.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/resource-requests',
  title: 'Containers request CPU and memory',
  severity: 'error',
  critical: true,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The scheduler places pods by what they request. Without requests a node is overfilled, and these pods are the first that it evicts.',
    messages: { missing: 'container {{container}} requests no {{missing}}' },
    remediation:
      'Set resources.requests.cpu and resources.requests.memory to what the container was measured to need.',
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
          cpu: 100m
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
        requests:
          cpu: 100m
          memory: 128Mi
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
      'https://kubernetes.io/docs/concepts/policy/limit-range/',
    ],
  },
  run({ target }) {
    const isRequested = requestFinder(target);
    return podTemplates(target).flatMap((template) =>
      template.containers
        .filter((container) => container.longRunning)
        .flatMap((container) => {
          const missing = resources.filter(
            (resource) => !isRequested(template, container, resource),
          );
          if (missing.length === 0) return [];
          const data = { container: container.name, missing: missing.join(' and no ') };
          const path = [...container.path, 'resources', 'requests'];
          return [draftAt(template.object, path, 'missing', { data, part: 'key' })];
        }),
    );
  },
};
