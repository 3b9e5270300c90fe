import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import { annotationsOf, ingressClass, ingressesOf } from '../ingresses.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { listAt, stringAt } from '../read.ts';

/** Controllers that take certificates from elsewhere: a cloud, or their own configuration. */
const classesWithTheirOwn = new Set([
  'alb',
  'azure-application-gateway',
  'gce',
  'gce-internal',
  'openshift-default',
]);

/** Annotations that name a certificate or switch TLS on, by controller. */
const annotationsForTls = [
  'alb.ingress.kubernetes.io/certificate-arn',
  'alb.ingress.kubernetes.io/listen-ports',
  'appgw.ingress.kubernetes.io/appgw-ssl-certificate',
  'ingress.gcp.kubernetes.io/pre-shared-cert',
  'kubernetes.azure.com/tls-cert-keyvault-uri',
  'networking.gke.io/managed-certificates',
  'route.openshift.io/termination',
  'traefik.ingress.kubernetes.io/router.tls',
];

/** Every host of an Ingress is served with TLS. */
export const check: Check<ManifestSet> = {
  id: 'manifest/ingress-tls',
  title: 'Ingresses have TLS for their hosts',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'What is not encrypted is read and changed on its way, passwords and cookies first. A host that tls.hosts leaves out gets the certificate of another name, and clients turn away.',
    messages: {
      none: 'Ingress {{name}} has no TLS',
      uncovered: 'Ingress {{name}} has TLS for other hosts than {{host}}',
    },
    remediation: 'Add the host to an entry of spec.tls with the Secret of its certificate.',
    bad: {
      language: 'yaml',
      text: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  tls:
    - hosts: [www.example.com]
      secretName: certificate
  rules:
    - host: www.example.com
    - host: api.example.com
`,
      findings: [{ messageId: 'uncovered', line: 11, column: 13 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  tls:
    - hosts: ["*.example.com"]
      secretName: certificate
  rules:
    - host: www.example.com
    - host: api.example.com
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#tls'],
  },
  run({ target, notExamined }) {
    return ingressesOf(target).flatMap((ingress) => {
      const problems = problemsOf(ingress);
      const source = problems.length > 0 ? certificatesElsewhere(ingress) : undefined;
      if (!source) return problems;
      notExamined(`TLS of Ingress ${ingress.name}`, `${source} may bring the certificate`);
      return [];
    });
  },
};

function problemsOf(ingress: ManifestObject): Draft[] {
  const { name, value } = ingress;
  const entries = listAt(value, 'spec', 'tls');
  if (entries.length === 0) return [draftAt(ingress, ['spec', 'tls'], 'none', { data: { name } })];
  const covered = entries.map((entry) => listAt(entry, 'hosts').map(String));
  // An entry without hosts is for all that the controller serves.
  if (covered.some((hosts) => hosts.length === 0)) return [];
  return listAt(value, 'spec', 'rules').flatMap((rule, index) => {
    const host = stringAt(rule, 'host');
    if (!host || covered.flat().some((pattern) => covers(pattern, host))) return [];
    return [
      draftAt(ingress, ['spec', 'rules', index, 'host'], 'uncovered', { data: { name, host } }),
    ];
  });
}

/** A wildcard stands for one label. */
function covers(pattern: string, host: string): boolean {
  const [wanted, actual] = [pattern.toLowerCase(), host.toLowerCase()];
  return wanted === actual || (wanted.startsWith('*.') && actual.replace(/^[^.]+/, '*') === wanted);
}

function certificatesElsewhere(ingress: ManifestObject): string | undefined {
  const name = ingressClass(ingress);
  if (classesWithTheirOwn.has(name)) return `class ${name}`;
  const annotations = annotationsOf(ingress);
  return annotationsForTls.find((annotation) => annotations.has(annotation));
}
