import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { intOrStringAt, isRecord, type Path, partAt } from '../read.ts';
import { type Container, podTemplates, portsOf } from '../workloads.ts';

const probes = [
  ['startupProbe'],
  ['readinessProbe'],
  ['livenessProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
] as const;
const handlers = ['httpGet', 'tcpSocket', 'grpc'];

/** Probes and hooks ask a port that their container declares. */
export const check: Check<ManifestSet> = {
  id: 'manifest/probe-port',
  title: 'Probes ask declared ports',
  severity: 'error',
  critical: true,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A probe on a port that nobody listens on always fails: the pod never becomes ready, or is restarted for ever. A hook that fails ends its container.',
    messages: {
      'unknown-name':
        'the {{probe}} of container {{container}} asks port {{port}}, and no port of it has that name',
      'undeclared-number':
        'the {{probe}} of container {{container}} asks port {{port}}, which it does not declare',
    },
    remediation:
      'Use the name of a port in the `ports` of the same container, or declare the port there.',
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
      ports:
        - name: http
          containerPort: 8080
      readinessProbe:
        httpGet:
          path: /ready
          port: web
      livenessProbe:
        tcpSocket:
          port: 8081
`,
      findings: [
        { messageId: 'unknown-name', line: 15, column: 17 },
        { messageId: 'undeclared-number', line: 18, column: 17 },
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
      ports:
        - name: http
          containerPort: 8080
      readinessProbe:
        httpGet:
          path: /ready
          port: http
      livenessProbe:
        tcpSocket:
          port: 8080
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port',
    ],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, containers }) =>
      containers.flatMap((container) =>
        probes.flatMap((probe) => {
          const asked = partAt(container.value, ...probe);
          if (!isRecord(asked)) return [];
          return handlers.flatMap((handler) =>
            problemOf(object, container, asked, [...probe, handler]),
          );
        }),
      ),
    );
  },
};

function problemOf(
  object: ManifestObject,
  container: Container,
  asked: Readonly<Record<string, unknown>>,
  path: Path,
): Draft[] {
  const handler = asked[path.at(-1) ?? ''];
  const port = intOrStringAt(handler, 'port');
  // With `host` the probe asks another machine than the pod.
  const elsewhere = Boolean(partAt(handler, 'host'));
  if (port === undefined || elsewhere) return [];
  if (portsOf(container).some(({ name, number }) => name === port || number === port)) return [];
  const at = [...container.path, ...path, 'port'];
  const data = { probe: path.slice(0, -1).join('.'), container: container.name, port };
  return typeof port === 'string'
    ? [draftAt(object, at, 'unknown-name', { data })]
    : [draftAt(object, at, 'undeclared-number', { data, severity: 'warning' })];
}
