import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { listAt, numberAt, stringAt } from '../read.ts';
import { type Followed, follow, missingObject } from '../references/follow.ts';
import { missingPort, missingPorts } from '../references/service-ports.ts';
import { backendReferences, type ParentReference, parentReferences } from './references.ts';

/** Routes of the Gateway API are attached to a Gateway, with the listener they name, and reach Services. */
export const check: Check<ManifestSet> = {
  id: 'manifest/gateway-route',
  title: 'Gateways and backends of routes exist',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A route without its Gateway or listener takes no request; one without its Service answers each with 500. The API server takes both.',
    messages: {
      ...missingObject,
      ...missingPort,
      'missing-listener': 'Gateway {{name}} has no listener {{wanted}}; it has {{listeners}}',
    },
    remediation:
      'Correct the name, or the namespace: a Gateway or Service of another one has to be named with it. Declare what is made elsewhere under `manifests.external`.',
    bad: {
      language: 'yaml',
      text: example('http'),
      findings: [{ messageId: 'missing-listener', line: 29, column: 20 }],
    },
    good: { language: 'yaml', text: example('https'), findings: [] },
    references: [
      'https://gateway-api.sigs.k8s.io/api-types/httproute/',
      'https://gateway-api.sigs.k8s.io/reference/spec/',
    ],
  },
  run(context) {
    const parents = follow(context, parentReferences(context.target));
    const backends = follow(context, backendReferences(context.target));
    return [
      ...parents.missing,
      ...parents.found.flatMap(withoutListener),
      ...backends.missing,
      ...missingPorts(backends.found),
    ];
  },
};

function withoutListener({ reference, contents }: Followed<ParentReference>): Draft[] {
  const { from, at, name, section, port } = reference;
  if (contents.length === 0 || (section === undefined && port === undefined)) return [];
  const listeners = contents.flatMap((content) => listAt(content, 'spec', 'listeners'));
  const fits = listeners.some(
    (listener) =>
      (section === undefined || stringAt(listener, 'name') === section) &&
      (port === undefined || numberAt(listener, 'port') === port),
  );
  if (fits) return [];
  const wanted = [section, port].filter((part) => part !== undefined).join(' with port ');
  const names = listeners.map(
    (listener) => `${stringAt(listener, 'name')} (${numberAt(listener, 'port')})`,
  );
  const data = { name, wanted, listeners: names.join(', ') || 'none' };
  const path = [...at, section === undefined ? 'port' : 'sectionName'];
  return [draftAt(from, path, 'missing-listener', { data })];
}

function example(section: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
    - port: 80
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: public
spec:
  gatewayClassName: shared
  listeners:
    - name: https
      port: 443
      protocol: TLS
      tls: {mode: Passthrough}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web
spec:
  parentRefs:
    - name: public
      sectionName: ${section}
  rules:
    - backendRefs:
        - name: web
          port: 80
`;
}
