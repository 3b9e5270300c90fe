import { gatewayGroup } from '../gateway-route/references.ts';
import { isIssued } from '../ingress-certificate/references.ts';
import { objectsOfGroup } from '../kinds.ts';
import { oncePerSet } from '../once-per-set.ts';
import { listAt, stringAt } from '../read.ts';
import { namedAt } from '../references/reference.ts';

export const gateways = oncePerSet((set) => objectsOfGroup(set, gatewayGroup, 'Gateway'));

/** The Secrets with the certificates of listeners. */
export const listenerCertificates = oncePerSet((set) =>
  gateways(set).flatMap((from) =>
    isIssued(from)
      ? []
      : listAt(from.value, 'spec', 'listeners').flatMap((listener, index) =>
          listAt(listener, 'tls', 'certificateRefs').flatMap((reference, place) => {
            const at = ['spec', 'listeners', index, 'tls', 'certificateRefs', place];
            if ((stringAt(reference, 'group') ?? '') !== '') return [];
            if ((stringAt(reference, 'kind') ?? 'Secret') !== 'Secret') return [];
            const namespace = stringAt(reference, 'namespace') || from.namespace;
            return namedAt(from, [...at, 'name'], { apiVersion: 'v1', kind: 'Secret', namespace });
          }),
        ),
  ),
);
