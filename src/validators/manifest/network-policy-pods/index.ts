import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { externalsOf } from '../options.ts';
import { podIndex } from '../pod-index.ts';
import { listAt, type Path, partAt } from '../read.ts';
import { isDeclared } from '../references/external.ts';
import { asksForNothing, selectorText } from '../selectors.ts';

const id = 'manifest/network-policy-pods';

/**
 * The pods that a NetworkPolicy is for, and its peers in the same namespace, are of the release.
 * Recommended: pods of other releases are as good. Peers of other namespaces and addresses are not
 * judged. Option `external`: policies, beside those of `manifests.external`, whose pods come from elsewhere.
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'Network policies select pods',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A policy that selects no pod keeps nothing out, and one whose peer is no pod lets nobody in; both look right until somebody tries.',
    messages: {
      'selects-nothing':
        'NetworkPolicy {{name}} is for pods with {{wanted}}, and no pod template here has that',
      'no-peer':
        'NetworkPolicy {{name}} lets pods with {{wanted}} through, and no pod template here has that',
    },
    remediation:
      'Make the selector equal to labels of the pod template. If the pods come from elsewhere, name the policy under `manifests.external`.',
    bad: {
      language: 'yaml',
      text: example('webb'),
      findings: [{ messageId: 'selects-nothing', line: 7, column: 5 }],
    },
    good: { language: 'yaml', text: example('web'), findings: [] },
    options: {
      external: 'objects that exist elsewhere, as Kind/name or Kind/namespace/name',
    },
    references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  },
  run({ target, options, notExamined }) {
    const external = [...(target.external ?? []), ...externalsOf(id, options)];
    const pods = podIndex(target);
    return objectsOf(target, 'networking.k8s.io/v1', 'NetworkPolicy').flatMap((policy) => {
      if (isDeclared({ external }, policy)) return [];
      const { name, namespace } = policy;
      const selectors = [
        { path: ['spec', 'podSelector'], messageId: 'selects-nothing' },
        ...peersOf(policy).map((path) => ({ path, messageId: 'no-peer' })),
      ];
      const lonely = selectors.filter(({ path }) => {
        const selector = partAt(policy.value, ...path);
        return !asksForNothing(selector) && pods.select(selector, namespace).length === 0;
      });
      if (lonely.length > 0 && !target.complete) {
        notExamined(`NetworkPolicy ${name}`, 'its pods may be in a document that was not read');
        return [];
      }
      return lonely.map(({ path, messageId }) => {
        const wanted = selectorText(partAt(policy.value, ...path));
        return draftAt(policy, path, messageId, { data: { name, wanted } });
      });
    });
  },
};

/** Where peers of the policy's own namespace are selected. */
function peersOf({ value }: ManifestObject): Path[] {
  const sides = [
    { side: 'ingress', field: 'from' },
    { side: 'egress', field: 'to' },
  ];
  return sides.flatMap(({ side, field }) =>
    listAt(value, 'spec', side).flatMap((rule, index) =>
      listAt(rule, field).flatMap((peer, place) =>
        partAt(peer, 'podSelector') === undefined || partAt(peer, 'namespaceSelector') !== undefined
          ? []
          : [['spec', side, index, field, place, 'podSelector']],
      ),
    ),
  );
}

function example(app: string): string {
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: ${app}
  ingress:
    - ports:
        - port: 8080
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
`;
}
