import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';
import { follow, missingObject } from '../references/follow.ts';
import { namespaceReferences } from './references.ts';

/**
 * The namespaces that objects name exist. A release seldom makes its own, so one that is not in the set is
 * not said to be unknown; a cluster that is looked up says for sure.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/namespace-reference',
  title: 'Namespaces that objects name exist',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The API server refuses every object for a namespace that does not exist.',
    messages: { ...missingObject },
    remediation:
      'Correct metadata.namespace, or add the Namespace to the manifests; declare one that is made elsewhere, such as by `helm install --create-namespace`, under `manifests.external`.',
    bad: {
      language: 'yaml',
      beside: { emptyCluster: true },
      text: example('shoop'),
      findings: [{ messageId: 'missing-object', line: 10, column: 14 }],
    },
    good: {
      language: 'yaml',
      beside: { emptyCluster: true },
      text: example('shop'),
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/'],
  },
  run(context) {
    return follow(context, namespaceReferences(context.target), { unknown: 'silent' }).missing;
  },
};

function example(namespace: string): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: ${namespace}
data:
  mode: fast
`;
}
