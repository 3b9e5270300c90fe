import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import {
  exposes,
  type SelectingService,
  type ServicePort,
  selectingServices,
} from '../services.ts';
import { portsOf } from '../workloads.ts';

/**
 * A Service sends traffic to ports that the selected pods declare. A number is not compared with pods
 * that declare no port of its protocol at all: declaring them is optional.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/service-target-port',
  title: 'Service target ports exist in the selected pods',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Traffic to a target port on which no container listens is refused, while the pods are ready and everything looks healthy.',
    messages: {
      'unknown-name':
        'no container that Service {{service}} selects has a {{protocol}} port named {{port}}; declared: {{declared}}',
      'unknown-number':
        'no container that Service {{service}} selects has the {{protocol}} port {{port}}; declared: {{declared}}',
    },
    remediation: 'Set targetPort to the name or number of a port of the container that answers.',
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
    - port: 80
      targetPort: http
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
      ports:
        - name: web
          containerPort: 8080
`,
      findings: [{ messageId: 'unknown-name', line: 10, column: 19 }],
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
    - port: 80
      targetPort: web
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
      ports:
        - name: web
          containerPort: 8080
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
    ],
  },
  run({ target }) {
    return selectingServices(target).flatMap((service) =>
      service.ports
        .filter((port) => isUnanswered(service, port))
        .map((port) =>
          draftAt(
            service.object,
            port.targetPath,
            typeof port.target === 'string' ? 'unknown-name' : 'unknown-number',
            {
              data: {
                service: service.object.name,
                protocol: port.protocol,
                port: port.target,
                declared: declaredPorts(service, port).join(', ') || 'none',
              },
              // A number that no container declares may still be listened on; a name cannot be.
              severity: typeof port.target === 'string' ? 'error' : 'warning',
            },
          ),
        ),
    );
  },
};

function isUnanswered(service: SelectingService, port: ServicePort): boolean {
  const containers = service.templates.flatMap((template) => template.containers);
  if (containers.length === 0 || containers.some((container) => exposes(container, port))) {
    return false;
  }
  return typeof port.target === 'string' || declaredPorts(service, port).length > 0;
}

function declaredPorts(service: SelectingService, { protocol }: ServicePort): string[] {
  const texts = service.templates
    .flatMap((template) => template.containers)
    .filter((container) => container.longRunning)
    .flatMap(portsOf)
    .filter((port) => port.protocol === protocol)
    .map(({ name, number }) => (name === undefined ? `${number}` : `${name} (${number})`));
  return [...new Set(texts)];
}
