import { annotationsOf } from '../ingresses.ts';
import type { ManifestObject } from '../load.ts';

/**
 * Annotations by which an Ingress takes a part of the requests of another, by share, header or method,
 * or says which of them goes first.
 */
const annotations = [
  'nginx.ingress.kubernetes.io/canary',
  'alb.ingress.kubernetes.io/conditions.',
  'konghq.com/headers.',
  'konghq.com/methods',
  'traefik.ingress.kubernetes.io/router.priority',
];

export function sharesRequests(ingress: ManifestObject): boolean {
  return annotationsOf(ingress)
    .keys()
    .some((key) => annotations.some((beginning) => key.startsWith(beginning)));
}
