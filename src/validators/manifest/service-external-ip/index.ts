import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';
import { listAt } from '../read.ts';

/** Services name no external addresses. */
export const check: Check<ManifestSet> = {
  id: 'manifest/service-external-ip',
  title: 'Services take no external addresses',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A Service gets the traffic of the cluster to whatever address it names, also one that belongs to somebody else (CVE-2020-8554). Clusters therefore often refuse the field.',
    messages: { set: 'Service {{name}} takes the traffic to {{addresses}}' },
    remediation: 'Use a Service of type LoadBalancer, an Ingress or a Gateway.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  externalIPs:
    - 203.0.113.7
  ports:
    - port: 80
`,
      findings: [{ messageId: 'set', line: 8, column: 3 }],
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
      'https://github.com/kubernetes/kubernetes/issues/97076',
      'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#denyserviceexternalips',
    ],
  },
  run({ target }) {
    return objectsOf(target, 'v1', 'Service').flatMap((service) => {
      const path = ['spec', 'externalIPs'];
      const addresses = listAt(service.value, ...path);
      if (addresses.length === 0) return [];
      const data = { name: service.name, addresses: addresses.map(String).join(', ') };
      return [draftAt(service, path, 'set', { data, part: 'key' })];
    });
  },
};
