import { isDeepStrictEqual } from 'node:util';
import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { isRecord, numberAt, recordAt } from '../read.ts';
import { podTemplates } from '../workloads.ts';

const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'] as const;

/**
 * Liveness probe and readiness probe ask different questions, or the liveness probe asks for longer
 * before it gives up.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/identical-probes',
  title: 'Liveness is not readiness',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'When both probes ask the same and give up together, a pod that is only overloaded is restarted instead of spared, and the load moves on to the next one.',
    messages: {
      identical:
        'the liveness probe of container {{container}} asks what the readiness probe asks, and gives up after {{liveness}} s, when that does after {{readiness}} s',
    },
    remediation:
      'Let the liveness probe ask for less than readiness, or raise its failureThreshold well above that of the readiness probe.',
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
      readinessProbe:
        httpGet:
          path: /health
          port: 8080
      livenessProbe:
        httpGet:
          path: /health
          port: 8080
`,
      findings: [{ messageId: 'identical', line: 13, column: 7 }],
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
      readinessProbe:
        httpGet:
          path: /health
          port: 8080
      livenessProbe:
        httpGet:
          path: /health
          port: 8080
        failureThreshold: 12
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
    ],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, containers }) =>
      containers.flatMap(({ name, value, path }) => {
        const [liveness, readiness] = [
          recordAt(value, 'livenessProbe'),
          recordAt(value, 'readinessProbe'),
        ];
        const same = handlers.some(
          (handler) =>
            isRecord(liveness[handler]) && isDeepStrictEqual(liveness[handler], readiness[handler]),
        );
        if (!same || patience(liveness) > patience(readiness)) return [];
        const data = {
          container: name,
          liveness: patience(liveness),
          readiness: patience(readiness),
        };
        return [draftAt(object, [...path, 'livenessProbe'], 'identical', { data, part: 'key' })];
      }),
    );
  },
};

/** Seconds of failing answers that a probe takes; it asks every 10 s and takes 3 by default. */
function patience(probe: Readonly<Record<string, unknown>>): number {
  return (numberAt(probe, 'periodSeconds') ?? 10) * (numberAt(probe, 'failureThreshold') ?? 3);
}
