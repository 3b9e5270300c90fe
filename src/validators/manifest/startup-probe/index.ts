import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { isRecord, partAt } from '../read.ts';
import { podTemplates } from '../workloads.ts';

/** A container with a liveness probe has a startup probe, which holds the other back. */
export const check: Check<ManifestSet> = {
  id: 'manifest/startup-probe',
  title: 'Liveness probes wait for a startup probe',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A start that takes longer than usual, on a cold node or after a migration, is ended by the liveness probe each time it is nearly done.',
    messages: {
      missing: 'container {{container}} has a liveness probe and no startup probe to hold it back',
    },
    remediation:
      'Add a startupProbe whose failureThreshold times periodSeconds is the longest start that is acceptable.',
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
      livenessProbe:
        httpGet:
          path: /live
          port: 8080
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
      startupProbe:
        httpGet:
          path: /live
          port: 8080
        failureThreshold: 30
      livenessProbe:
        httpGet:
          path: /live
          port: 8080
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#startup-probe',
    ],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, containers }) =>
      containers
        .filter(
          ({ value }) =>
            isRecord(partAt(value, 'livenessProbe')) && !isRecord(partAt(value, 'startupProbe')),
        )
        .map(({ name, path }) =>
          draftAt(object, [...path, 'livenessProbe'], 'missing', {
            data: { container: name },
            part: 'key',
          }),
        ),
    );
  },
};
