import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { isRecord, stringAt } from '../read.ts';
import { type Container, podTemplates } from '../workloads.ts';

/** The Pod Security Standards have the rule since this minor version. */
const since = 34;

const places = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
] as const;
const handlers = ['httpGet', 'tcpSocket'] as const;

/** A pod in the network of its node listens there, and is itself what is asked. */
const loopback = /^(?:localhost|127(?:\.\d+){3}|::1|\[::1\])$/;

/** Probes and hooks ask their own pod. */
export const check: Check<ManifestSet> = {
  id: 'manifest/host-probe',
  title: 'Probes and hooks name no other host',
  severity: 'error',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The kubelet asks from the network of the node: a host in a probe makes it ask there, past network policies, and tells nothing about the pod. From Kubernetes 1.34 on the baseline forbids it.',
    messages: { host: 'container {{container}} has the node ask {{host}}: {{field}}' },
    remediation: 'Remove host; without it the address of the pod is asked.',
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
          host: shop.example
          port: 8080
`,
      findings: [{ messageId: 'host', line: 11, column: 17 }],
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
          port: 8080
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  },
  async run({ target }) {
    const found = podTemplates(target).flatMap(({ object, spec, containers }) =>
      containers.flatMap((container) =>
        hostsOf(container)
          .filter(({ host }) => !(spec.hostNetwork === true && loopback.test(host)))
          .map((host) => ({ object, container, ...host })),
      ),
    );
    if (found.length === 0) return [];
    const { minorRangeOf } = await import('../kube-targets.ts');
    if ((await minorRangeOf(target)).newest < since) return [];
    return found.map(({ object, container, host, steps }) =>
      draftAt(object, [...container.path, ...steps], 'host', {
        data: { container: container.name, host, field: steps.join('.') },
      }),
    );
  },
};

function hostsOf({ value }: Container) {
  return places.flatMap(([first, second]) => {
    const outer = value[first];
    if (!isRecord(outer)) return [];
    return handlers.flatMap((handler) => {
      const steps = [...(second ? [first, second] : [first]), handler, 'host'];
      const host = stringAt(outer, ...steps.slice(1)) ?? '';
      return host === '' ? [] : [{ host, steps }];
    });
  });
}
