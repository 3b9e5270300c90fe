import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';
import { isRecord, listAt } from '../read.ts';
import { selectingServices } from '../services.ts';
import { podTemplates } from '../workloads.ts';

const ssh = 22;

/** No container is logged into. */
export const check: Check<ManifestSet> = {
  id: 'manifest/ssh-port',
  title: 'Containers run no SSH server',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'An SSH server in a container is a second way in, past the API server, its rights and its audit log, with keys that nobody rotates.',
    messages: {
      container: 'container {{container}} listens on port 22, that of SSH',
      service: 'Service {{name}} leads to port 22 of pods, that of SSH',
    },
    remediation:
      'Remove the server and look into pods with kubectl. A server of git or SFTP listens on another port, which its Service maps.',
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
        - containerPort: 22
`,
      findings: [{ messageId: 'container', line: 10, column: 26 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Service
metadata:
  name: git
spec:
  selector:
    app: git
  ports:
    - port: 22
      targetPort: 2222
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/',
    ],
  },
  run({ target }) {
    const containers = podTemplates(target).flatMap(({ object, containers }) =>
      containers.flatMap((container) =>
        listAt(container.value, 'ports').flatMap((port, index) => {
          if (!isRecord(port) || port.containerPort !== ssh || !isTcp(port)) return [];
          const path = [...container.path, 'ports', index, 'containerPort'];
          return [draftAt(object, path, 'container', { data: { container: container.name } })];
        }),
      ),
    );
    return [...containers, ...servicesOf(target)];
  },
};

function isTcp({ protocol }: Readonly<Record<string, unknown>>): boolean {
  return (protocol ?? 'TCP') === 'TCP';
}

/** Services whose pods are elsewhere: of those in the set the container is found. */
function servicesOf(target: ManifestSet): Draft[] {
  const isAny = objectsOf(target, 'v1', 'Service').some(({ value }) =>
    listAt(value, 'spec', 'ports').some(
      (port) => isRecord(port) && (port.port === ssh || port.targetPort === ssh),
    ),
  );
  if (!isAny) return [];
  return selectingServices(target).flatMap(({ object, ports, templates }) =>
    templates.length > 0
      ? []
      : ports
          .filter((port) => port.target === ssh && port.protocol === 'TCP')
          .map(({ targetPath }) =>
            draftAt(object, targetPath, 'service', { data: { name: object.name } }),
          ),
  );
}
