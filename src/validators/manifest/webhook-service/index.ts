import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';
import { follow, missingObject } from '../references/follow.ts';
import { missingPort, missingPorts } from '../references/service-ports.ts';
import { calledServices } from './references.ts';

/** The Services that the API server is told to call exist, with the port; 443 where none is named. */
export const check: Check<ManifestSet> = {
  id: 'manifest/webhook-service',
  title: 'Services of webhooks exist',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'While a webhook cannot be called the API server refuses what it is to look at, in the whole cluster; an aggregated API that is away keeps namespaces from being deleted.',
    messages: { ...missingObject, ...missingPort },
    remediation:
      'Name the Service by its namespace and name, and the port of the Service when it is not 443.',
    bad: {
      language: 'yaml',
      text: example(''),
      findings: [{ messageId: 'missing-port', line: 25, column: 15 }],
    },
    good: { language: 'yaml', text: example('        port: 8443\n'), findings: [] },
    references: [
      'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#service-reference',
      'https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/',
    ],
  },
  run(context) {
    const { found, missing } = follow(context, calledServices(context.target));
    return [...missing, ...missingPorts(found)];
  },
};

function example(port: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: policy
  namespace: policy
spec:
  selector:
    app: policy
  ports:
    - port: 8443
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: policy
webhooks:
  - name: policy.shop.example
    admissionReviewVersions: [v1]
    sideEffects: None
    rules:
      - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}
    clientConfig:
      service:
        namespace: policy
        name: policy
${port}`;
}
