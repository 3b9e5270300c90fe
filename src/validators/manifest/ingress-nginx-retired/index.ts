import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { imagesOf } from '../images.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';
import { stringAt } from '../read.ts';

/** Where the project published the controller, and copies that keep the end of its name. */
const repository =
  /(?:^|\/)(?:ingress-nginx\/controller(?:-chroot)?|kubernetes-ingress-controller\/nginx-ingress-controller)$/;

/** The set does not deploy ingress-nginx. Ingresses of its class may be served by another controller. */
export const check: Check<ManifestSet> = {
  id: 'manifest/ingress-nginx-retired',
  title: 'ingress-nginx is not deployed',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Its maintainers retired ingress-nginx in March 2026: it gets no fixes any more, and it is what the internet talks to.',
    messages: {
      image: 'container {{container}} runs ingress-nginx, which gets no fixes since March 2026',
      class: 'IngressClass {{name}} is for ingress-nginx, which gets no fixes since March 2026',
    },
    remediation: 'Move to a Gateway or to another controller for Ingresses.',
    bad: {
      language: 'yaml',
      text: `apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: nginx
spec:
  controller: k8s.io/ingress-nginx
`,
      findings: [{ messageId: 'class', line: 6, column: 15 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: nginx
spec:
  controller: nginx.org/ingress-controller
`,
      findings: [],
    },
    references: ['https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/'],
  },
  run({ target }) {
    const images = imagesOf(target)
      .filter(({ reference }) => repository.test(reference.repository))
      .map(({ template, container, path }) =>
        draftAt(template.object, path, 'image', { data: { container: container.name } }),
      );
    const path = ['spec', 'controller'];
    const classes = objectsOf(target, 'networking.k8s.io/v1', 'IngressClass')
      .filter(({ value }) => stringAt(value, ...path) === 'k8s.io/ingress-nginx')
      .map((object) => draftAt(object, path, 'class', { data: { name: object.name } }));
    return [...images, ...classes];
  },
};
