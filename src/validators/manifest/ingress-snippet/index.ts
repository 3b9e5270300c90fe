import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { annotationsOf, ingressesOf } from '../ingresses.ts';
import type { ManifestSet } from '../load.ts';

/** `configuration-snippet`, `server-snippet` and the like of ingress-nginx, `location-snippets` of F5. */
const snippet = /^(?:nginx\.ingress\.kubernetes\.io\/.+-snippet|nginx\.org\/.+-snippets)$/;

/** Ingresses bring no configuration of their own for the web server. */
export const check: Check<ManifestSet> = {
  id: 'manifest/ingress-snippet',
  title: 'Ingresses bring no snippets of nginx',
  severity: 'error',
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A snippet runs in the controller: whoever may write an Ingress reads every Secret of the cluster (CVE-2021-25742). Since ingress-nginx 1.9 they are off, and such an Ingress is refused.',
    messages: {
      snippet: 'annotation {{annotation}} puts configuration into nginx',
      lua: 'annotation {{annotation}} runs Lua in nginx',
      alias: 'annotation {{annotation}} serves files of the controller (alias)',
    },
    remediation:
      'Use the annotation made for the purpose, or configure the controller itself; a Gateway route has filters for most.',
    bad: {
      language: 'yaml',
      text: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    nginx.ingress.kubernetes.io/configuration-snippet: |
      more_set_headers "X-Robots-Tag: none";
spec:
  rules:
    - host: www.example.com
`,
      findings: [{ messageId: 'snippet', line: 6, column: 5 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    nginx.ingress.kubernetes.io/custom-headers: web/headers
spec:
  rules:
    - host: www.example.com
`,
      findings: [],
    },
    references: [
      'https://github.com/kubernetes/ingress-nginx/issues/7837',
      'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#allow-snippet-annotations',
    ],
  },
  run({ target }) {
    return ingressesOf(target).flatMap((ingress) =>
      [...annotationsOf(ingress)]
        .filter(([annotation]) => snippet.test(annotation))
        .map(([annotation, text]) =>
          draftAt(ingress, ['metadata', 'annotations', annotation], kindOf(text), {
            data: { annotation },
            part: 'key',
          }),
        ),
    );
  },
};

function kindOf(text: string): 'lua' | 'alias' | 'snippet' {
  if (/_by_lua|\blua_/.test(text)) return 'lua';
  return /(?:^|[\s;{])alias\s/.test(text) ? 'alias' : 'snippet';
}
