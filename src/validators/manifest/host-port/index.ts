import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { listAt, numberAt } from '../read.ts';
import { podTemplates } from '../workloads.ts';

/**
 * No container takes a port of its node. A pod in the network of its node has all of them, which
 * manifest/host-namespaces says. CIS numbers are those of the benchmark's versions 1.8 to 1.10.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/host-port',
  title: 'Containers take no ports of their node',
  severity: 'warning',
  cis: ['5.2.13'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A port of the node is open to whoever reaches the node, past Services and often past network policies, and only one pod of a node can have it: others stay pending.',
    messages: { 'host-port': 'container {{container}} takes port {{port}} of its node' },
    remediation: 'Remove hostPort and send traffic through a Service, an Ingress or a Gateway.',
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
        - containerPort: 8080
          hostPort: 80
`,
      findings: [{ messageId: 'host-port', line: 11, column: 21 }],
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
    references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  },
  run({ target }) {
    return podTemplates(target)
      .filter(({ spec }) => spec.hostNetwork !== true)
      .flatMap(({ object, containers }) =>
        containers.flatMap(({ name, value, path }) =>
          listAt(value, 'ports').flatMap((entry, index) => {
            const port = numberAt(entry, 'hostPort') ?? 0;
            if (port === 0) return [];
            const data = { container: name, port };
            return [draftAt(object, [...path, 'ports', index, 'hostPort'], 'host-port', { data })];
          }),
        ),
      );
  },
};
