import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';
import { follow, missingObject } from '../references/follow.ts';
import { missingPort, missingPorts } from '../references/service-ports.ts';
import { resourceBackends, serviceBackends } from './references.ts';

/**
 * The Services that an Ingress sends requests to exist, with the port it names. Backends that are other
 * objects exist, too.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/ingress-backend',
  title: 'Backends of Ingresses exist',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The API server takes an Ingress whose Service or port is not there, and every request to it is answered with an error.',
    messages: { ...missingObject, ...missingPort },
    remediation:
      'Name a Service of the same namespace and one of its ports, not that of the pod; declare a Service that is made elsewhere under `manifests.external`.',
    bad: {
      language: 'yaml',
      text: example(8080),
      findings: [{ messageId: 'missing-port', line: 27, column: 27 }],
    },
    good: { language: 'yaml', text: example(80), findings: [] },
    references: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-rules'],
  },
  run(context) {
    const services = follow(context, serviceBackends(context.target));
    const others = follow(context, resourceBackends(context.target));
    return [...services.missing, ...missingPorts(services.found), ...others.missing];
  },
};

function example(port: number): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: 8080
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port:
                  number: ${port}
`;
}
