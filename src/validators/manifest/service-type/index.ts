import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';
import { listAt, stringAt, stringsAt } from '../read.ts';

/** Annotations by which clouds keep a load balancer inside of their network. */
const internal: readonly (readonly [string, string])[] = [
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', 'internal'],
  ['service.beta.kubernetes.io/aws-load-balancer-internal', 'true'],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', 'true'],
  ['networking.gke.io/load-balancer-type', 'Internal'],
  ['cloud.google.com/load-balancer-type', 'Internal'],
];

/** Services are reached from inside; what comes from outside has one way in. */
export const check: Check<ManifestSet> = {
  id: 'manifest/service-type',
  title: 'Services stay inside of the cluster',
  severity: 'warning',
  preset: 'strict',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A NodePort is open on every node, a load balancer to whoever finds its address. Both go past the Ingress or Gateway where TLS, limits and logs are.',
    messages: {
      'node-port': 'Service {{name}} opens a port on every node',
      'load-balancer': 'Service {{name}} has a load balancer that takes every address',
    },
    remediation: 'Use ClusterIP behind an Ingress or Gateway, or name loadBalancerSourceRanges.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  selector:
    app: web
  ports:
    - port: 80
`,
      findings: [{ messageId: 'node-port', line: 6, column: 9 }],
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
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types',
    ],
  },
  run({ target }) {
    return objectsOf(target, 'v1', 'Service').flatMap((service): Draft[] => {
      const path = ['spec', 'type'];
      const type = stringAt(service.value, ...path);
      const data = { name: service.name };
      if (type === 'NodePort') return [draftAt(service, path, 'node-port', { data })];
      if (type !== 'LoadBalancer') return [];
      const annotations = stringsAt(service.value, 'metadata', 'annotations');
      const guarded =
        listAt(service.value, 'spec', 'loadBalancerSourceRanges').length > 0 ||
        internal.some(([name, value]) => annotations.get(name) === value);
      return guarded ? [] : [draftAt(service, path, 'load-balancer', { data, severity: 'info' })];
    });
  },
};
