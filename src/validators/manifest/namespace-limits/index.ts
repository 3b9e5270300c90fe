import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';

const wanted = [
  ['ResourceQuota', 'no-quota'],
  ['LimitRange', 'no-limit-range'],
] as const;

/** A Namespace of the set comes with a ResourceQuota and a LimitRange. */
export const check: Check<ManifestSet> = {
  id: 'manifest/namespace-limits',
  title: 'Namespaces have a quota and a limit range',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Without a quota one namespace can take a whole cluster. Without a limit range a container that says nothing about resources gets none, and a quota then refuses it.',
    messages: {
      'no-quota': 'Namespace {{name}} has no ResourceQuota',
      'no-limit-range': 'Namespace {{name}} has no LimitRange',
    },
    remediation: 'Add a ResourceQuota and a LimitRange with defaults beside the Namespace.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: v1
kind: LimitRange
metadata:
  name: defaults
  namespace: shop
spec:
  limits:
    - type: Container
      default:
        memory: 256Mi
`,
      findings: [{ messageId: 'no-quota', line: 4, column: 9 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: v1
kind: LimitRange
metadata:
  name: defaults
  namespace: shop
spec:
  limits:
    - type: Container
      default:
        memory: 256Mi
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: total
  namespace: shop
spec:
  hard:
    limits.memory: 8Gi
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/policy/resource-quotas/',
      'https://kubernetes.io/docs/concepts/policy/limit-range/',
    ],
  },
  run({ target, notExamined }) {
    const namespaces = objectsOf(target, 'v1', 'Namespace');
    const missing = wanted.flatMap(([kind, messageId]) => {
      const places = new Set(objectsOf(target, 'v1', kind).map(({ namespace }) => namespace));
      // What names no namespace may go to any of them.
      return places.has(null)
        ? []
        : namespaces
            .filter(({ name }) => !places.has(name))
            .map((object) => ({ object, messageId }));
    });
    if (!target.complete && missing.length > 0) {
      notExamined('quotas and limit ranges', 'a part of the manifests was not read');
      return [];
    }
    return missing.map(({ object, messageId }) =>
      draftAt(object, ['metadata', 'name'], messageId, { data: { name: object.name } }),
    );
  },
};
