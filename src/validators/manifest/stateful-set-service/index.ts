import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { stringAt, stringsAt } from '../read.ts';
import { type Followed, follow, missingObject } from '../references/follow.ts';
import type { Reference } from '../references/reference.ts';
import { matchesLabels } from '../selectors.ts';
import { podTemplateOf } from '../workloads.ts';
import { governingServices } from './references.ts';

/**
 * The Service that a StatefulSet names exists, has no address of its own, and selects the pods. A
 * StatefulSet that names none is silent: its pods are not asked for by name.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/stateful-set-service',
  title: 'Services that name pods of StatefulSets fit them',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Pods of a StatefulSet find each other by names such as db-0.db, which DNS has only for a headless Service that selects them: members of a cluster never meet.',
    messages: {
      ...missingObject,
      'not-headless':
        'Service {{name}} has an address of its own, so that pods of StatefulSet {{set}} get no names; it needs clusterIP: None',
      'other-pods':
        'Service {{name}} selects {{wanted}}, and pods of StatefulSet {{set}} do not have that',
    },
    remediation:
      'Name a Service with clusterIP: None whose selector is among the labels of the pod template. A second Service with an address can stand beside it.',
    bad: {
      language: 'yaml',
      text: example(''),
      findings: [{ messageId: 'not-headless', line: 16, column: 16 }],
    },
    good: { language: 'yaml', text: example('  clusterIP: None\n'), findings: [] },
    references: [
      'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id',
    ],
  },
  run(context) {
    const { found, missing } = follow(context, governingServices(context.target));
    return [...missing, ...found.flatMap(unfit)];
  },
};

function unfit({ reference, contents }: Followed<Reference>) {
  const { from, name, path } = reference;
  const data = { name, set: from.name };
  if (contents.length === 0) return [];
  if (contents.every((content) => stringAt(content, 'spec', 'clusterIP') !== 'None')) {
    return [draftAt(from, path, 'not-headless', { data })];
  }
  const labels = podTemplateOf(from)?.labels;
  const selectors = contents.map((content) => stringsAt(content, 'spec', 'selector'));
  // A selector that is not there leaves the endpoints to somebody else.
  if (!labels || selectors.some((selector) => matchesLabels(selector, labels))) return [];
  const wanted = [...(selectors[0] ?? [])].map(([key, value]) => `${key} = ${value}`).join(', ');
  return [draftAt(from, path, 'other-pods', { data: { ...data, wanted } })];
}

function example(address: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
${address}  selector:
    app: db
  ports:
    - port: 5432
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      containers:
        - name: db
          image: registry.example/db:16.2
`;
}
