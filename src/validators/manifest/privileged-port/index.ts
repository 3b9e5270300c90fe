import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { isRecord, listAt, numberAt, stringAt } from '../read.ts';
import { contextOf } from '../security-context.ts';
import { isWindows, type PodTemplate, podTemplates } from '../workloads.ts';

/** Linux lets root alone listen below it, unless the pod is told otherwise (ip_unprivileged_port_start). */
const firstFree = 1024;

/** Containers listen on ports that need no privilege. */
export const check: Check<ManifestSet> = {
  id: 'manifest/privileged-port',
  title: 'Containers listen from port 1024 on',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'To listen below port 1024 a process needs root or NET_BIND_SERVICE, unless the node gives such ports away. Inside of a pod no number has a meaning: a Service may map port 80 to any.',
    messages: { low: 'container {{container}} listens on port {{port}}, which takes a privilege' },
    remediation:
      'Have the program listen on a port from 1024 on, such as 8080, and map the port in the Service.',
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
        - containerPort: 80
`,
      findings: [{ messageId: 'low', line: 10, column: 26 }],
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
        - containerPort: 8080
`,
      findings: [],
    },
    references: ['https://docs.kernel.org/networking/ip-sysctl.html'],
  },
  run({ target }) {
    return podTemplates(target)
      .filter((template) => !isWindows(template))
      .flatMap((template) => {
        const free = Math.min(firstFree, startOf(template));
        return template.containers.flatMap((container) =>
          listAt(container.value, 'ports').flatMap((entry, index) => {
            const port = numberAt(entry, 'containerPort') ?? 0;
            if (port <= 0 || port >= free) return [];
            const path = [...container.path, 'ports', index, 'containerPort'];
            const data = { container: container.name, port };
            return [draftAt(template.object, path, 'low', { data })];
          }),
        );
      });
  },
};

function startOf({ spec }: PodTemplate): number {
  const setting = listAt(contextOf(spec), 'sysctls').find(
    (one) => isRecord(one) && one.name === 'net.ipv4.ip_unprivileged_port_start',
  );
  const start = Number.parseInt(stringAt(setting, 'value') ?? '', 10);
  return Number.isNaN(start) ? firstFree : start;
}
