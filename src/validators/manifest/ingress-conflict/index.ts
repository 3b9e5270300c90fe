import { isDeepStrictEqual } from 'node:util';
import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import {
  annotationsOf,
  type IngressPath,
  ingressClass,
  ingressesOf,
  pathsOf,
} from '../ingresses.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { sharesRequests } from './sharing.ts';

const defaultAnnotation = 'ingressclass.kubernetes.io/is-default-class';

/** One host and path goes one way, whichever Ingresses of a class say so; one class is the default. */
export const check: Check<ManifestSet> = {
  id: 'manifest/ingress-conflict',
  title: 'Hosts and paths of Ingresses go one way',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Of two Ingresses for one host and path a controller refuses one or serves the older: a release changes nothing, or takes the traffic of another service.',
    messages: {
      conflict: '{{where}} goes to another backend by Ingress {{other}} in {{file}}, line {{line}}',
      repeated: '{{where}} is written twice: also by Ingress {{other}} in {{file}}, line {{line}}',
      'two-defaults':
        'IngressClass {{name}} is the default besides {{other}}; Ingresses without a class get the newest',
    },
    remediation: 'Keep one of the two, or give them different hosts, paths or classes.',
    bad: {
      language: 'yaml',
      text: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - host: www.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service: {name: web, port: {number: 80}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: blog
spec:
  rules:
    - host: www.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service: {name: blog, port: {number: 80}}
`,
      findings: [{ messageId: 'conflict', line: 24, column: 19 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - host: www.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service: {name: web, port: {number: 80}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: blog
spec:
  rules:
    - host: www.example.com
      http:
        paths:
          - path: /blog
            pathType: Prefix
            backend:
              service: {name: blog, port: {number: 80}}
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches',
      'https://kubernetes.io/docs/concepts/services-networking/ingress/#default-ingress-class',
    ],
  },
  run({ target }) {
    return [...sharedPaths(ingressesOf(target)), ...defaults(target)];
  },
};

interface Route extends IngressPath {
  readonly ingress: ManifestObject;
}

function sharedPaths(ingresses: readonly ManifestObject[]): Draft[] {
  const first = new Map<string, Route>();
  return ingresses.flatMap((ingress) => {
    if (sharesRequests(ingress)) return [];
    const scope = scopeOf(ingress);
    return pathsOf(ingress).flatMap((route): Draft[] => {
      const key = [scope, route.host, normalized(route), route.type].join('\0');
      const earlier = first.get(key);
      if (!earlier) {
        first.set(key, { ...route, ingress });
        return [];
      }
      const same =
        earlier.ingress.namespace === ingress.namespace &&
        isDeepStrictEqual(earlier.backend, route.backend);
      const other = earlier.ingress;
      const data = {
        where: `${route.host || 'every host'}, path ${route.value},`,
        other: other.name,
        file: other.file,
        line: other.locate([...earlier.path, 'path']).line,
      };
      return [
        draftAt(ingress, [...route.path, 'path'], same ? 'repeated' : 'conflict', {
          data,
          ...(same && { severity: 'warning' }),
        }),
      ];
    });
  });
}

/** A prefix means the same with a slash at its end and without. */
function normalized({ type, value }: IngressPath): string {
  return type === 'Prefix' ? value.replace(/\/+$/, '') : value;
}

/** Annotations for controllers that make a load balancer for each Ingress. */
const entryAnnotations =
  /^(?:alb\.ingress\.kubernetes\.io|ingress\.gcp\.kubernetes\.io|networking\.gke\.io)\/|^kubernetes\.io\/ingress\.(?:global|regional)-static-ip-name$/;

/** What one entry serves: the Ingresses of a class together, or, where each has its own, the one. */
function scopeOf(ingress: ManifestObject): string {
  const name = ingressClass(ingress);
  const annotations = annotationsOf(ingress);
  const group = annotations.get('alb.ingress.kubernetes.io/group.name');
  if (group !== undefined) return `group ${group}`;
  const ownEntry =
    name === 'alb' ||
    name.startsWith('gce') ||
    annotations.keys().some((key) => entryAnnotations.test(key));
  return ownEntry ? `${name} ${ingress.namespace} ${ingress.name}` : name;
}

function defaults(target: ManifestSet): Draft[] {
  const [first, ...others] = objectsOf(target, 'networking.k8s.io/v1', 'IngressClass').filter(
    (candidate) => annotationsOf(candidate).get(defaultAnnotation) === 'true',
  );
  return others
    .filter(({ name }) => name !== first?.name)
    .map((candidate) =>
      draftAt(candidate, ['metadata', 'annotations', defaultAnnotation], 'two-defaults', {
        data: { name: candidate.name, other: first?.name ?? '' },
      }),
    );
}
