import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';
import { follow } from '../references/follow.ts';
import { kindReferences } from './references.ts';

/**
 * The kinds of custom resources are defined: in the set, beside it, or in the cluster that is looked up.
 * Where that cannot be told manifest/schema says so, which needs the definition for more.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/kind-reference',
  title: 'Kinds of custom resources are defined',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The API server refuses objects of a kind that it does not know, and kubectl stops before it.',
    messages: {
      'missing-object':
        '{{kind}} is a kind that {{place}} does not serve, and no CustomResourceDefinition here defines it',
    },
    remediation:
      'Install the operator first, or add its CustomResourceDefinition to the manifests; declare one that is made elsewhere under `manifests.external`, as CustomResourceDefinition/PLURAL.GROUP.',
    bad: {
      language: 'yaml',
      beside: { emptyCluster: true },
      text: `apiVersion: shop.example/v1
kind: Backend
metadata:
  name: orders
`,
      findings: [{ messageId: 'missing-object', line: 2, column: 7 }],
    },
    good: {
      language: 'yaml',
      beside: { external: ['CustomResourceDefinition/backends.shop.example'], emptyCluster: true },
      text: `apiVersion: shop.example/v1
kind: Backend
metadata:
  name: orders
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/custom-resources/',
    ],
  },
  run(context) {
    return follow(context, kindReferences(context.target), { unknown: 'silent' }).missing;
  },
};
