import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { recordAt } from '../read.ts';
import { follow, missingObject } from '../references/follow.ts';
import { certificateReferences } from './references.ts';

const keys = ['tls.crt', 'tls.key'];

/**
 * The Secrets with the certificates of Ingresses exist and hold one. Recommended only: controllers serve
 * a certificate of their own meanwhile, and most such Secrets come from elsewhere, so that not knowing
 * them is worth a word to those who want to declare them. What cert-manager is told to make is there.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/ingress-certificate',
  title: 'Certificates of Ingresses exist',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Without its Secret a host name is served with the certificate of the controller, which no browser trusts.',
    messages: {
      ...missingObject,
      'missing-key': 'Secret {{name}} has no {{key}}, so it is no certificate',
    },
    remediation:
      'Add the Secret, of type kubernetes.io/tls, or have it made; declare one that is made elsewhere under `manifests.external`.',
    bad: {
      language: 'yaml',
      text: example('tls.pem'),
      findings: [{ messageId: 'missing-key', line: 17, column: 19 }],
    },
    good: { language: 'yaml', text: example('tls.crt'), findings: [] },
    references: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#tls'],
  },
  run(context) {
    const { found, missing } = follow(context, certificateReferences(context.target));
    const empty = found.flatMap(({ reference: { from, path, name }, contents }) => {
      if (contents.length === 0) return [];
      const key = keys.find(
        (wanted) =>
          !contents.some((content) =>
            ['data', 'stringData'].some((part) => Object.hasOwn(recordAt(content, part), wanted)),
          ),
      );
      return key === undefined ? [] : [draftAt(from, path, 'missing-key', { data: { name, key } })];
    });
    return [...missing, ...empty];
  },
};

function example(key: string): string {
  return `apiVersion: v1
kind: Secret
metadata:
  name: shop-tls
data:
  ${key}: Q0VSVElGSUNBVEU=
  tls.key: S0VZ
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  tls:
    - hosts:
        - shop.example
      secretName: shop-tls
  defaultBackend:
    service:
      name: web
      port:
        number: 80
`;
}
