import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import { keyOf } from '../kind-key.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';

const id = 'manifest/deprecated-api';

/**
 * No object is of a kind that is on its way out, or that servers have to be told to serve. Deprecations
 * are those the API server warns of (tags in k8s.io/api); what it serves by default is read from its
 * source, pkg/controlplane/instance.go.
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'No object uses an API that is deprecated or off by default',
  severity: 'warning',
  critical: false,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A deprecated API goes with an upgrade to come. Alpha and newer beta APIs are not there unless the cluster is set up for them, and may change or go with any version.',
    messages: {
      deprecated:
        '{{apiVersion}} {{kind}} is deprecated since Kubernetes {{deprecated}}{{until}}{{instead}}',
      'off-by-default':
        '{{apiVersion}} {{kind}} is {{stage}}, served by Kubernetes {{versions}} only with --runtime-config={{apiVersion}}=true{{instead}}',
    },
    remediation:
      'Write the object in the API that replaces it. Where nothing does, make sure that every cluster serves it.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Endpoints
metadata:
  name: legacy
---
apiVersion: certificates.k8s.io/v1beta1
kind: ClusterTrustBundle
metadata:
  name: internal
spec:
  trustBundle: certificates in PEM
`,
      findings: [
        { messageId: 'deprecated', line: 1, column: 13 },
        { messageId: 'off-by-default', line: 6, column: 13 },
      ],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: legacy
addressType: IPv4
endpoints: []
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/reference/using-api/deprecation-policy/',
      'https://kubernetes.io/docs/reference/using-api/#api-versioning',
      'https://github.com/kubernetes/enhancements/tree/master/keps/sig-architecture/3136-beta-apis-off-by-default',
    ],
  },
  async run({ target }) {
    const { kubeTargetsOf, versionsText } = await import('../kube-targets.ts');
    const { insteadText } = await import('../replacement.ts');
    const { apiFix } = await import('../api-fix.ts');
    const { compareVersions } = await import('../lifecycle.ts');
    const { pool, apis } = await kubeTargetsOf(target);
    return target.objects.flatMap((object) => judge(object));

    function judge(object: ManifestObject): Draft[] {
      const key = keyOf(object);
      const lifecycle = pool.lifecycle(key);
      const serving = apis.filter(({ kinds }) => kinds.has(key));
      if (!lifecycle || serving.length === 0) return [];
      const { apiVersion, kind } = object;
      const { deprecated, gone } = lifecycle;
      const instead = insteadText(key, lifecycle, apis);
      const off = serving.filter(({ kinds }) => kinds.get(key)?.byDefault === false);
      if (off.length > 0) {
        const stage = /alpha/.test(apiVersion) ? 'alpha' : 'beta';
        const data = { apiVersion, kind, stage, versions: versionsText(off), instead };
        return [draftAt(object, ['apiVersion'], 'off-by-default', { data })];
      }
      const isLate = ({ version }: { readonly version: string }): boolean =>
        deprecated !== undefined && compareVersions(version, deprecated) >= 0;
      if (deprecated === undefined || !serving.some(isLate)) return [];
      const until = gone === undefined ? '' : ` and gone from ${gone} on`;
      const data = { apiVersion, kind, deprecated, until, instead };
      const fix = apiFix(object, lifecycle, apis);
      return [draftAt(object, ['apiVersion'], 'deprecated', { data, fix })];
    }
  },
};
