import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { isRecord, partAt } from '../read.ts';
import { exposes, type SelectingService, selectingServices } from '../services.ts';
import { type Container, type PodTemplate, podTemplates, runsToCompletion } from '../workloads.ts';

/**
 * Long-running containers say when they are ready. An error for a container that gets traffic from a
 * Service of the set, a warning for the others, since a rollout waits for readiness too.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/readiness-probe',
  title: 'Containers have a readiness probe',
  severity: 'error',
  critical: true,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Without a readiness probe a pod gets traffic as soon as its process starts, and a rollout replaces working pods with ones that cannot answer.',
    messages: {
      'missing-behind-service':
        'container {{container}} gets traffic from Service {{service}} and has no readiness probe',
      missing:
        'container {{container}} has no readiness probe, so a rollout does not wait until it works',
    },
    remediation:
      'Add a readinessProbe that asks the application itself, and answers only when it can serve.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 8080
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'missing-behind-service', line: 19, column: 7 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 8080
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      readinessProbe:
        httpGet:
          path: /ready
          port: 8080
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#readiness-probe',
    ],
  },
  run({ target }) {
    const serviceOf = serviceFinder(target);
    return podTemplates(target)
      .filter((template) => !runsToCompletion(template))
      .flatMap((template) =>
        template.containers
          .filter(
            ({ value, longRunning }) => longRunning && !isRecord(partAt(value, 'readinessProbe')),
          )
          .map((container) => {
            const service = serviceOf(template, container);
            return draftAt(
              template.object,
              container.path,
              service === undefined ? 'missing' : 'missing-behind-service',
              {
                data: { container: container.name, ...(service !== undefined && { service }) },
                ...(service === undefined && { severity: 'warning' }),
              },
            );
          }),
      );
  },
};

/** Finds the name of a Service that sends traffic to a container. */
function serviceFinder(
  set: ManifestSet,
): (template: PodTemplate, container: Container) => string | undefined {
  const services = new Map<ManifestObject, SelectingService[]>();
  for (const service of selectingServices(set)) {
    for (const { object } of service.templates) {
      services.set(object, [...(services.get(object) ?? []), service]);
    }
  }
  return (template, container) => {
    const alone = template.containers.filter(({ list }) => list === 'containers').length === 1;
    const only = alone && container.list === 'containers';
    return services
      .get(template.object)
      ?.find(({ ports }) => only || ports.some((port) => exposes(container, port)))?.object.name;
  };
}
