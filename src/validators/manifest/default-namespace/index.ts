import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';

/** What guards the namespace, and belongs there also when it is to stay empty. */
const guards = new Set([
  'LimitRange',
  'NetworkPolicy',
  'ResourceQuota',
  'Role',
  'RoleBinding',
  'ServiceAccount',
]);

/** Nothing is put into the namespace `default` by name. Where none is named, whoever applies it chooses. */
export const check: Check<ManifestSet> = {
  id: 'manifest/default-namespace',
  title: 'Nothing goes to the namespace default',
  severity: 'warning',
  preset: 'recommended',
  cis: ['5.7.4'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'In `default` everything lands that forgot to say where it belongs, so rights, policies and quotas there cannot be made for one application.',
    messages: { default: '{{kind}} {{name}} is put into the namespace default' },
    remediation: 'Make a namespace for the application and name that.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: default
data:
  mode: fast
`,
      findings: [{ messageId: 'default', line: 5, column: 14 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
data:
  mode: fast
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces',
      'https://www.cisecurity.org/benchmark/kubernetes',
    ],
  },
  run({ target }) {
    return target.objects
      .filter(({ namespace, kind }: ManifestObject) => namespace === 'default' && !guards.has(kind))
      .map((object) =>
        draftAt(object, ['metadata', 'namespace'], 'default', {
          data: { kind: object.kind, name: object.name },
        }),
      );
  },
};
