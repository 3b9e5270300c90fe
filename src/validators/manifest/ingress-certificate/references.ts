import { objectsOf } from '../kinds.ts';
import type { ManifestObject } from '../load.ts';
import { oncePerSet } from '../once-per-set.ts';
import { listAt, recordAt } from '../read.ts';
import { namedAt } from '../references/reference.ts';

/**
 * Annotations that have cert-manager make the Secrets that an Ingress or a Gateway names.
 * https://cert-manager.io/docs/usage/ingress/#supported-annotations
 */
const issued = [
  'cert-manager.io/issuer',
  'cert-manager.io/cluster-issuer',
  'kubernetes.io/tls-acme',
];

/** Whether the certificates that an object names are made for it. */
export const isIssued = ({ value }: ManifestObject): boolean =>
  issued.some((name) => Object.hasOwn(recordAt(value, 'metadata', 'annotations'), name));

/** The Secrets with the certificates of Ingresses. */
export const certificateReferences = oncePerSet((set) =>
  objectsOf(set, 'networking.k8s.io/v1', 'Ingress').flatMap((from) =>
    isIssued(from)
      ? []
      : listAt(from.value, 'spec', 'tls').flatMap((_, index) =>
          namedAt(from, ['spec', 'tls', index, 'secretName'], {
            apiVersion: 'v1',
            kind: 'Secret',
          }),
        ),
  ),
);
