import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { keyOf } from '../kind-key.ts';
import type { ManifestSet } from '../load.ts';

const id = 'manifest/removed-api';

/**
 * No object is of a kind that a target version of Kubernetes had and has no longer. Which version serves
 * what comes from the API descriptions in k8s.io/kubernetes, and for what went before the oldest of these
 * from the tags in k8s.io/api.
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'No object uses an API that is gone',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'An upgraded cluster refuses the object. What is there already stays, so the loss shows only with the next release, which then cannot be applied.',
    messages: {
      removed:
        '{{apiVersion}} {{kind}} is gone since Kubernetes {{gone}} and not served by {{versions}}{{instead}}',
    },
    remediation:
      'Write the object in the API that replaces it; fields may have other names there, see the deprecation guide.',
    bad: {
      language: 'yaml',
      text: `apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: web
`,
      findings: [{ messageId: 'removed', line: 1, column: 13 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: web
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/reference/using-api/deprecation-guide/'],
  },
  async run({ target }) {
    const { kubeTargetsOf, versionsText } = await import('../kube-targets.ts');
    const { insteadText } = await import('../replacement.ts');
    const { apiFix } = await import('../api-fix.ts');
    const { isGone } = await import('../lifecycle.ts');
    const { pool, apis } = await kubeTargetsOf(target);
    return target.objects.flatMap((object) => {
      const key = keyOf(object);
      const lifecycle = pool.lifecycle(key);
      const without = apis.filter((api) => isGone(key, lifecycle, api));
      if (!lifecycle || without.length === 0) return [];
      const { apiVersion, kind } = object;
      const data = {
        apiVersion,
        kind,
        gone: lifecycle.gone ?? '',
        versions: versionsText(without),
        instead: insteadText(key, lifecycle, apis),
      };
      const fix = apiFix(object, lifecycle, apis);
      return [draftAt(object, ['apiVersion'], 'removed', { data, fix })];
    });
  },
};
