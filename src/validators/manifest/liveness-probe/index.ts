import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { isRecord, partAt } from '../read.ts';
import { podTemplates, runsToCompletion } from '../workloads.ts';

/** The containers of pods that run for good have a liveness probe. */
export const check: Check<ManifestSet> = {
  id: 'manifest/liveness-probe',
  title: 'Containers have a liveness probe',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A process that hangs is still a process: without a liveness probe nothing restarts it, and its pod stays out of service until somebody looks.',
    messages: {
      missing: 'container {{container}} has no liveness probe, so nothing ends it when it hangs',
    },
    remediation:
      'Add a livenessProbe that asks the process itself and none of what it depends on; a process that ends itself when it is stuck needs none.',
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
`,
      findings: [{ messageId: 'missing', line: 7, column: 7 }],
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
      livenessProbe:
        httpGet:
          path: /live
          port: 8080
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#liveness-probe',
    ],
  },
  run({ target }) {
    return podTemplates(target)
      .filter((template) => !runsToCompletion(template))
      .flatMap(({ object, containers }) =>
        containers
          .filter(
            ({ list, value }) => list === 'containers' && !isRecord(partAt(value, 'livenessProbe')),
          )
          .map(({ name, path }) => draftAt(object, path, 'missing', { data: { container: name } })),
      );
  },
};
